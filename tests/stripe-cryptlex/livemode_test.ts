import assert from "node:assert/strict";
import { actedOn } from "../../functions/stripe-cryptlex/livemode.ts";
import { readEvent } from "../../functions/stripe-cryptlex/read_event.ts";
import { createStripeShop } from "../../tools/stripe_sandbox/stripe_shop.ts";

const invoices = ([true, false] as const).map((livemode) => {
  const price = { amount: 1000, interval: "month" } as const;
  return readEvent(createStripeShop({ livemode }).subscribe({ price }).firstInvoicePaid());
});
const [live, test] = invoices;
assert.ok(live !== undefined && test !== undefined);

Deno.test("without a key both modes are acted on", () => {
  for (const read of invoices) assert.equal(actedOn(read, null), read.reading);
});

Deno.test("with a key only its mode is, and the other's events say so", () => {
  assert.equal(actedOn(live, true), live.reading);
  assert.equal(actedOn(test, false), test.reading);
  assert.deepEqual(actedOn(test, true), {
    kind: "ignored",
    reason: "test mode: this function acts on live mode only, by its STRIPE_SECRET_KEY",
  });
  assert.deepEqual(actedOn(live, false), {
    kind: "ignored",
    reason: "live mode: this function acts on test mode only, by its STRIPE_SECRET_KEY",
  });
});

Deno.test("what could not be understood of the other mode is not parked", () => {
  const reading = { kind: "parked", reason: "cannot be understood" } as const;
  assert.equal(actedOn({ ...test, reading }, true).kind, "ignored");
  assert.equal(actedOn({ ...test, reading }, false), reading);
});
