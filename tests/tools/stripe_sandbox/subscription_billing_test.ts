import assert from "node:assert/strict";
import type { PayloadShape } from "../../../tools/stripe_sandbox/stripe_event.ts";
import { createStripeShop } from "../../../tools/stripe_sandbox/stripe_shop.ts";
import type { SubscribeOptions } from "../../../tools/stripe_sandbox/subscription_opening.ts";
import { at, iso, objectOf } from "./payload.ts";

function subscribe(options: Partial<SubscribeOptions> = {}, shape: PayloadShape = "basil") {
  return createStripeShop({ shape }).subscribe({
    price: { amount: 3000, interval: "month" },
    startedAt: new Date("2026-06-01T00:00:00Z"),
    ...options,
  });
}

Deno.test("a payment that fails leaves the invoice open and says when it is tried again", () => {
  for (const shape of ["basil", "acacia"] as const) {
    const subscription = subscribe({}, shape);
    const [first, last] = [1, 9].map((attempt) => subscription.paymentFailed(1, { attempt }));
    assert.ok(first && last);
    const invoice = objectOf(first);
    const paid = objectOf(subscription.renewalPaid(1, { paidAt: new Date("2026-07-09") }));
    assert.equal(first.type, "invoice.payment_failed");
    assert.deepEqual([invoice.status, invoice.attempt_count, invoice.attempted], ["open", 1, true]);
    assert.deepEqual([invoice.amount_due, invoice.amount_paid, invoice.amount_remaining], [
      3000,
      0,
      3000,
    ]);
    assert.ok(Number(invoice.next_payment_attempt) > first.created);
    assert.deepEqual([objectOf(last).attempt_count, objectOf(last).next_payment_attempt], [
      9,
      null,
    ]);
    assert.ok(last.created - first.created <= 14 * 86_400);
    assert.notEqual(first.id, last.id);
    assert.equal(invoice.paid, shape === "acacia" ? false : undefined);
    assert.equal(invoice.id, paid.id);
    assert.deepEqual(invoice.lines, paid.lines);
  }
});

Deno.test("an invoice sent to the customer is paid on its last day, or when told", () => {
  const options = { collectionMethod: "send_invoice", daysUntilDue: 30 } as const;
  const sent = subscribe(options);
  const created = objectOf(sent.subscriptionCreated());
  assert.deepEqual([created.status, created.collection_method, created.days_until_due], [
    "active",
    "send_invoice",
    30,
  ]);
  const invoice = objectOf(sent.firstInvoicePaid());
  assert.equal(invoice.collection_method, "send_invoice");
  assert.equal(iso(invoice.due_date), "2026-07-01T00:00:00Z");
  assert.equal(iso(at(invoice, "status_transitions.paid_at")), "2026-07-01T00:00:00Z");
  const late = subscribe(options).firstInvoicePaid({ paidAt: new Date("2026-08-11T00:00:00Z") });
  assert.equal(iso(at(objectOf(late), "status_transitions.paid_at")), "2026-08-11T00:00:00Z");
});
