// Nobody gets in without Stripe's signature on this very body, of these minutes; and nobody is told,
// or makes the log tell, anything.

import assert from "node:assert/strict";
import fc from "fast-check";
import { maxBodyBytes } from "../../functions/stripe-cryptlex/read_body.ts";
import { anyForgery, realBodies } from "./builders/any_forgery.ts";
import { createDoor, genuine, nowSeconds, webhookSecrets } from "./builders/door.ts";
import { createFakeLedger } from "./builders/fake_ledger.ts";

Deno.test("what is forged is answered 400, and nothing is recorded", async () => {
  const met: Record<string, number> = {};
  const property = fc.asyncProperty(anyForgery, async ({ attack, body, signatures }) => {
    const ledger = createFakeLedger();
    assert.equal(await createDoor(ledger).deliver(body, signatures), 400);
    assert.deepEqual(ledger.recorded, []);
    met[attack] = (met[attack] ?? 0) + 1;
  });
  await fc.assert(property, { numRuns: 4000 });
  assert.equal(Object.keys(met).length, 10);
  assert.ok(Math.min(...Object.values(met)) >= 50, JSON.stringify(met));
});

Deno.test("what Stripe signed gets in, whatever stands around its signature", async () => {
  const around = fc.array(fc.stringMatching(/^[a-z0-9]{1,5}=[ -+\--~]{0,70}$/), { maxLength: 5 })
    .map((parts) => parts.filter((part) => !/^t=/.test(part)));
  const delivery = fc.record({
    body: fc.constantFrom(...realBodies),
    secret: fc.constantFrom<string>(...webhookSecrets),
    at: fc.integer({ min: nowSeconds - 300, max: nowSeconds + 300 }),
    before: around,
    after: around,
  });
  const property = fc.asyncProperty(delivery, async ({ body, before, after, ...signed }) => {
    const ledger = createFakeLedger();
    const header = [...before, genuine(body, signed), ...after].join(",");
    assert.equal(await createDoor(ledger).deliver(body, [header]), 200);
    assert.equal(ledger.recorded.length, 1);
  });
  await fc.assert(property, { numRuns: 500 });
});

Deno.test("a mebibyte is read, forged or not, and a byte more is not", async () => {
  const [real = ""] = realBodies;
  const padded = (bytes: number) => real + " ".repeat(bytes - new Blob([real]).size);
  for (const [size, status] of [[-1, 200], [0, 200], [1, 413], [maxBodyBytes, 413]] as const) {
    const body = padded(maxBodyBytes + size);
    const ledger = createFakeLedger();
    assert.equal(await createDoor(ledger).deliver(body, [genuine(body)]), status);
    assert.equal(ledger.recorded.length, status === 200 ? 1 : 0);
    const forged = genuine(body, { secret: "whsec_of_another" });
    assert.equal(
      await createDoor(createFakeLedger()).deliver(body, [forged]),
      status === 200 ? 400 : status,
    );
  }
});
