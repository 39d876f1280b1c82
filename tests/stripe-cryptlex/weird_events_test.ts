// What Stripe signed is acknowledged and recorded, whatever it is; and what it is worked into comes
// to an end, in memory here.

import assert from "node:assert/strict";
import fc from "fast-check";
import { nothing } from "../../functions/stripe-cryptlex/purchase.ts";
import { createCryptlexSandbox } from "../../tools/cryptlex_sandbox/sandbox.ts";
import { anyWeirdEvent } from "./builders/any_weird_event.ts";
import { claimOf, eventOf } from "./builders/claim_of.ts";
import { createDoor, genuine, now } from "./builders/door.ts";
import { createFakeLedger } from "./builders/fake_ledger.ts";

const cryptlex = {
  baseUrl: "http://127.0.0.1",
  accessToken: "sandbox-access-token",
  timeoutMs: 10_000,
};
const statuses = ["applied", "ignored", "parked", "pending"];

Deno.test("whatever Stripe signs is recorded once, acknowledged, and comes to something", async () => {
  const met: Record<string, number> = {};
  const property = fc.asyncProperty(anyWeirdEvent, async (body) => {
    const sandbox = createCryptlexSandbox({
      now: () => now,
      products: [{ id: "product-a", name: "A", licenseTemplateId: "monthly" }],
      licenseTemplates: [{ id: "monthly", name: "Monthly", subscriptionInterval: "P1M" }],
    });
    const ledger = createFakeLedger();
    const claims = {
      ...ledger,
      async record(event: Parameters<typeof ledger.record>[0]) {
        const answer = await ledger.record(event);
        if (event.reading.kind !== "facts") return answer;
        const { facts, stripeIds } = event.reading;
        const { eventId } = event.head;
        const claim = claimOf({
          purchaseId: stripeIds[0] ?? "",
          states: [nothing, JSON.parse(JSON.stringify(facts))],
          events: [eventOf({ eventId })],
        });
        return { duplicate: false, claim, left: null };
      },
    };
    const world = { cryptlex: { ...cryptlex, fetch: sandbox.fetch } };
    assert.equal(await createDoor(claims, world).deliver(body, [genuine(body)]), 200);
    assert.equal(ledger.recorded.length, 1);
    const [{ reading } = { reading: { kind: "none" } }] = ledger.recorded;
    const [settled] = ledger.settled;
    assert.equal(settled !== undefined, reading.kind === "facts");
    const status = settled?.done.events[0]?.status ?? reading.kind;
    assert.ok(statuses.includes(status), status);
    met[status] = (met[status] ?? 0) + 1;
  });
  await fc.assert(property, { numRuns: 2500 });
  for (const status of ["applied", "ignored", "parked"]) assert.ok((met[status] ?? 0) > 50, status);
});
