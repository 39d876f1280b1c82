import assert from "node:assert/strict";
import { createStripeShop } from "../../../tools/stripe_sandbox/stripe_shop.ts";
import { at, iso, objectOf } from "./payload.ts";

const day = (n: number) => new Date(Date.UTC(2026, 11, n));
const price = { amount: 2900, interval: "month" } as const;
const paid = { email: "ada@example.com", amount: 4900, paymentStatus: "paid" } as const;

Deno.test("whatever was paid has a payment of what its invoice or session says", () => {
  for (const shape of ["basil", "acacia"] as const) {
    const shop = createStripeShop({ shape });
    const order = shop.buy(paid);
    const invoiced = shop.buy({ ...paid, withInvoice: true });
    const byHand = shop.invoice({ lines: [{ amount: 100, quantity: 3 }] });
    const subscription = shop.subscribe({ price });
    assert.equal(order.payment().paymentIntent, order.id);
    assert.equal(order.payment().amount, objectOf(order.completed()).amount_total);
    assert.deepEqual([order.payment().invoice, order.payment().customer], [null, null]);
    for (
      const [payment, event] of [
        [invoiced.payment(), invoiced.invoicePaid()],
        [byHand.payment(), byHand.paid()],
        [subscription.payment(0), subscription.firstInvoicePaid()],
        [subscription.payment(2), subscription.renewalPaid(2)],
      ] as const
    ) {
      const invoice = objectOf(event);
      assert.deepEqual([payment.invoice, payment.amount, payment.customer], [
        invoice.id,
        invoice.amount_paid,
        invoice.customer,
      ]);
      const charge = objectOf(payment.chargeSucceeded());
      assert.deepEqual([charge.id, charge.payment_intent, charge.amount_captured], [
        payment.charge,
        payment.paymentIntent,
        payment.amount,
      ]);
      if (shape === "acacia") {
        assert.equal(payment.invoicePaymentPaid(), null);
        assert.equal(charge.invoice, invoice.id);
        assert.deepEqual([payment.charge, payment.paymentIntent], [
          invoice.charge,
          invoice.payment_intent,
        ]);
      } else {
        assert.equal("invoice" in charge, false);
        const joined = payment.invoicePaymentPaid();
        assert.equal(joined?.type, "invoice_payment.paid");
        assert.deepEqual(at(joined, "data.object.payment"), {
          payment_intent: payment.paymentIntent,
          type: "payment_intent",
        });
        assert.equal(at(joined, "data.object.invoice"), invoice.id);
        assert.equal(at(joined, "data.object.amount_paid"), payment.amount);
      }
    }
    assert.equal(order.payment().invoicePaymentPaid(), null);
  }
});

Deno.test("what cost nothing has no payment", () => {
  const shop = createStripeShop();
  assert.throws(
    () => shop.buy({ ...paid, paymentStatus: "no_payment_required" }).payment(),
    TypeError,
  );
  assert.throws(() => shop.subscribe({ price, trialDays: 7 }).payment(0), TypeError);
  assert.equal(shop.subscribe({ price, trialDays: 7 }).payment(1).amount, 2900);
});

Deno.test("the charge counts its refunds up, and a failed one down again", () => {
  const order = createStripeShop().buy(paid);
  const part = order.payment().refund({ amount: 900, at: day(2) });
  const more = order.payment().refund({ amount: 1000, at: day(2), status: "pending" });
  const charged = (refund: typeof part) => {
    const charge = objectOf(refund.chargeRefunded());
    return [charge.amount, charge.amount_refunded, charge.refunded];
  };
  assert.equal(part.created().type, "refund.created");
  assert.equal(part.chargeRefunded().type, "charge.refunded");
  assert.deepEqual(charged(part), [4900, 900, false]);
  assert.deepEqual(charged(more), [4900, 1900, false]);
  const refund = objectOf(more.created());
  assert.deepEqual([refund.status, refund.amount, refund.charge, refund.payment_intent], [
    "pending",
    1000,
    order.payment().charge,
    order.id,
  ]);
  assert.equal("failure_reason" in refund, false);
  const failed = more.failed({ at: day(5) });
  assert.equal(failed.type, "refund.failed");
  assert.deepEqual([objectOf(failed).status, objectOf(failed).failure_reason], [
    "failed",
    "expired_or_canceled_card",
  ]);
  assert.equal(iso(failed.created), "2026-12-05T00:00:00Z");
  assert.throws(() => order.payment().refund({ amount: 4001, at: day(6) }), RangeError);
  const rest = order.payment().refund({ at: day(6) });
  assert.equal(rest.amount, 4000);
  assert.deepEqual(charged(rest), [4900, 4900, true]);
  assert.throws(() => order.payment().refund({ at: day(7) }), RangeError);
});

Deno.test("a refund's later status is an update", () => {
  const refund = createStripeShop().buy(paid).payment().refund({ at: day(2), status: "pending" });
  const event = refund.updated({ status: "succeeded", at: day(4) });
  assert.equal(event.type, "refund.updated");
  assert.equal(objectOf(event).status, "succeeded");
  assert.deepEqual(event.data.previous_attributes, { status: "pending" });
  assert.deepEqual(refund.updated({ status: "succeeded", at: day(4) }), event);
  assert.equal(objectOf(refund.created()).status, "pending");
  assert.equal(refund.returnedBy(day(9)), 4900);
  refund.updated({ status: "canceled", at: day(10) });
  assert.equal(refund.returnedBy(day(11)), 0);
});

Deno.test("a dispute is told from its beginning to its end", () => {
  for (const shape of ["basil", "acacia"] as const) {
    const payment = createStripeShop({ shape }).buy(paid).payment();
    const dispute = payment.dispute({ at: day(3) });
    const events = [
      dispute.created(),
      dispute.fundsWithdrawn(),
      dispute.updated({ status: "under_review", at: day(4) }),
      dispute.closed({ status: "won", at: day(20) }),
      dispute.fundsReinstated({ at: day(21) }),
    ];
    assert.deepEqual(
      events.map((event) => [event.type, objectOf(event).status]),
      [
        ["charge.dispute.created", "needs_response"],
        ["charge.dispute.funds_withdrawn", "needs_response"],
        ["charge.dispute.updated", "under_review"],
        ["charge.dispute.closed", "won"],
        ["charge.dispute.funds_reinstated", "won"],
      ],
    );
    for (const event of events) {
      const object = objectOf(event);
      assert.deepEqual([object.id, object.charge, object.payment_intent, object.amount], [
        dispute.id,
        payment.charge,
        payment.paymentIntent,
        4900,
      ]);
      assert.equal(object.is_charge_refundable, false);
    }
    const refund = payment.refund({ at: day(22), amount: 1 });
    assert.equal(objectOf(refund.chargeRefunded()).disputed, true);
  }
});

Deno.test("an inquiry leaves the charge refundable, and a warning comes before any dispute", () => {
  const payment = createStripeShop().buy(paid).payment();
  const inquiry = payment.dispute({ at: day(3), status: "warning_needs_response" });
  assert.equal(objectOf(inquiry.created()).is_charge_refundable, true);
  const closed = inquiry.closed({ status: "warning_closed", at: day(30) });
  assert.equal(objectOf(closed).status, "warning_closed");
  const warning = payment.earlyFraudWarning({ at: day(2) });
  assert.equal(warning.type, "radar.early_fraud_warning.created");
  assert.deepEqual([objectOf(warning).charge, objectOf(warning).payment_intent], [
    payment.charge,
    payment.paymentIntent,
  ]);
});
