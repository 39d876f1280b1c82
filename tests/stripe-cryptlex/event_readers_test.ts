import assert from "node:assert/strict";
import { handledEventTypes, readObject } from "../../functions/stripe-cryptlex/event_readers.ts";

const stamp = { at: 1, by: "evt_1" };

Deno.test("every type is listed once, and only the making of a user before a sale is optional", () => {
  const types = handledEventTypes.map(({ type }) => type);
  assert.equal(new Set(types).size, types.length);
  const optional = handledEventTypes.filter(({ isOptional }) => isOptional);
  assert.deepEqual(optional.map(({ type }) => type), ["customer.created"]);
});

Deno.test("nothing is asked of Stripe that would hold up its invoices", () => {
  // docs.stripe.com/billing/subscriptions/webhooks: an endpoint that fails it delays them for days.
  assert.ok(handledEventTypes.every(({ type }) => type !== "invoice.created"));
});

Deno.test("whatever is listed is read, and nothing else is", () => {
  const about = (type: string) => {
    const reading = readObject({}, stamp, type);
    return reading.kind === "ignored" && reading.reason.endsWith("says nothing about licenses");
  };
  for (const { type } of handledEventTypes) assert.equal(about(type), false, type);
  for (const type of ["product.created", "toString", "__proto__", ""]) {
    assert.equal(about(type), true);
  }
});
