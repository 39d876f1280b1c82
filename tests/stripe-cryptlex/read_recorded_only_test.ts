import assert from "node:assert/strict";
import { readEvent } from "../../functions/stripe-cryptlex/read_event.ts";
import { createStripeShop } from "../../tools/stripe_sandbox/stripe_shop.ts";
import { bent } from "./builders/bent.ts";
import { reasonOf } from "./builders/facts_of.ts";
import { subscribeWith } from "./builders/subscribe_with.ts";

for (const shape of ["basil", "acacia"] as const) {
  Deno.test(`a failed payment changes nothing, and says when Stripe tries again (${shape})`, () => {
    const subscription = subscribeWith({ name: "Ada" }, shape);
    const reason = reasonOf(subscription.paymentFailed(1, { attempt: 2 }), "ignored");
    assert.match(reason, /attempt 2 .* tries again on 2026-07-0\d \(UTC\)/);
    assert.match(reason, /works until .*RENEWAL_GRACE_DAYS/);
    assert.doesNotMatch(reason, /@|Ada|1000|\$|10\.00/);
    const last = reasonOf(subscription.paymentFailed(1, { attempt: 9 }), "ignored");
    assert.match(last, /attempt 9 .* will not try again/);
  });
}

Deno.test("a failed payment that tells nothing is no more than that", () => {
  let event = subscribeWith().paymentFailed(1);
  for (const path of ["attempt_count", "next_payment_attempt"]) event = bent(event, path, "soon");
  assert.match(reasonOf(event, "ignored"), /an attempt .* will not try again/);
});

Deno.test("a warning of fraud is recorded, and says what would change the license", () => {
  const order = createStripeShop().buy({ amount: 100, paymentStatus: "paid" });
  const event = order.payment().earlyFraudWarning({ at: new Date("2026-11-05T10:00:00Z") });
  assert.match(reasonOf(event, "ignored"), /recorded only: a refund or a dispute/);
  assert.equal(reasonOf({ ...event, data: null }, "ignored"), reasonOf(event, "ignored"));
});

Deno.test("what changes nothing is found by its purchase all the same", () => {
  const idsOf = (event: unknown) => {
    const { reading } = readEvent(event);
    return reading.kind === "ignored" ? reading.stripeIds : undefined;
  };
  for (const shape of ["basil", "acacia"] as const) {
    const subscription = subscribeWith({}, shape);
    const failed = subscription.paymentFailed(1);
    assert.deepEqual(idsOf(failed), [subscription.id, failed.data.object["id"]]);
  }
  const order = createStripeShop().buy({ amount: 100, paymentStatus: "paid" });
  const warning = order.payment().earlyFraudWarning({ at: new Date("2026-11-05T10:00:00Z") });
  assert.deepEqual(idsOf(warning), [order.id]);
});
