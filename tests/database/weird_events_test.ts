// What Stripe signed is acknowledged and recorded by a real PostgreSQL, whatever it is.

import { strict as assert } from "node:assert";
import fc from "fast-check";
import { createCryptlexSandbox } from "../../tools/cryptlex_sandbox/sandbox.ts";
import { anyWeirdEvent } from "../stripe-cryptlex/builders/any_weird_event.ts";
import { createDoor, genuine, now } from "../stripe-cryptlex/builders/door.ts";
import { databaseTest } from "./ledger_database.ts";

databaseTest("whatever Stripe signs is in the ledger, and comes to something", async (db, t) => {
  const sandbox = createCryptlexSandbox({
    now: () => now,
    products: [{ id: "product-a", name: "A", licenseTemplateId: "monthly" }],
    licenseTemplates: [{ id: "monthly", name: "Monthly", subscriptionInterval: "P1M" }],
  });
  const door = createDoor(db.ledger(now), {
    cryptlex: {
      baseUrl: "http://127.0.0.1",
      accessToken: "sandbox-access-token",
      timeoutMs: 10_000,
      fetch: sandbox.fetch,
    },
  });
  const take = async (body: string) => {
    assert.equal(await door.deliver(body, [genuine(body)]), 200);
    const [row] = await db.sql<{ status: string; has_payload: boolean; last_error: string }[]>`
      select status, last_error, payload is not null as has_payload
      from licensing.stripe_events where event_id = ${JSON.parse(body).id}`;
    assert.ok(row, "it was not recorded");
    return row;
  };

  await t.step("real events with anything in any place", async () => {
    const met: Record<string, number> = {};
    const property = fc.asyncProperty(anyWeirdEvent, async (body) => {
      const { status } = await take(body);
      met[status] = (met[status] ?? 0) + 1;
    });
    await fc.assert(property, { numRuns: 400 });
    assert.ok((met["applied"] ?? 0) > 10 && (met["parked"] ?? 0) > 10, JSON.stringify(met));
  });

  await t.step("a payload nested too deep for Postgres is parked without it", async () => {
    for (const depth of [20_000, 400_000]) {
      const object = `${"[".repeat(depth)}${"]".repeat(depth)}`;
      const body = `{"id":"evt_${depth}","type":"invoice.paid","data":{"object":${object}}}`;
      const row = await take(body);
      assert.deepEqual({ ...row }, {
        status: "parked",
        last_error: "cannot be recorded as it is: the database refuses it with 54001",
        has_payload: false,
      });
    }
  });
});
