// The model: what takes a license away, and gives it back.

import assert from "node:assert/strict";
import { createStripeShop } from "../../../../tools/stripe_sandbox/stripe_shop.ts";
import { buyer, bySetting, inDays, opened, shapes, startedAt, subscribe, usable } from "./story.ts";

function order() {
  const bought = createStripeShop()
    .buy({ ...buyer, amount: 100, paymentStatus: "paid", at: startedAt });
  return { bought, payment: bought.payment() };
}

const counts = (events: Parameters<typeof usable>[0]) => usable(events, bySetting).length;

Deno.test("it is over, unpaid or paused, or not", () => {
  const ends: [string, (sale: ReturnType<typeof subscribe>) => unknown, number][] = [
    ["cancelled", (sale) => sale.canceled({ at: inDays(5) }), 0],
    ["to be cancelled", (sale) => sale.updated({ at: inDays(5), cancelAtPeriodEnd: true }), 1],
    ["past due", (sale) => sale.updated({ at: inDays(5), status: "past_due" }), 1],
    ["unpaid", (sale) => sale.updated({ at: inDays(5), status: "unpaid" }), 0],
    ["paused", (sale) => sale.paused({ at: inDays(5) }).paused, 0],
  ];
  for (const [name, end, expected] of ends) {
    const sale = subscribe();
    const event = end(sale) as ReturnType<typeof sale.canceled>;
    assert.equal(counts([...opened(sale), event]), expected, name);
    const resumed = sale.updated({ at: inDays(9), status: "active" });
    const afterwards = name === "cancelled" ? 0 : 1;
    assert.equal(counts([...opened(sale), event, resumed]), afterwards, `${name}, then active`);
  }
});

Deno.test("an order is given back when all its money is", () => {
  const { bought, payment } = order();
  const part = payment.refund({ amount: 40, at: inDays(1) });
  const rest = payment.refund({ at: inDays(2) });
  const parts = [bought.completed(), part.created(), part.chargeRefunded()];
  assert.equal(counts(parts), 1);
  assert.equal(counts([...parts, rest.created()]), 0);
  assert.equal(counts([...parts, rest.chargeRefunded()]), 0);
  assert.equal(counts([...parts, rest.chargeRefunded(), rest.failed({ at: inDays(3) })]), 1);
});

for (const shape of shapes) {
  Deno.test(`an invoice by hand is given back when all that was paid of it is (${shape})`, () => {
    const written = createStripeShop({ shape }).invoice({
      ...buyer,
      metadata: { CRYPTLEX_PRODUCT_ID: "product-app" },
      lines: [{ product: "prod_app", price: "price_app", amount: 100 }],
      at: startedAt,
    });
    const payment = written.payment();
    const part = payment.refund({ amount: 40, at: inDays(1) }).created();
    const rest = payment.refund({ amount: 60, at: inDays(2) }).created();
    const events = [written.paid(), payment.invoicePaymentPaid(), part];
    assert.equal(counts(events), 1);
    assert.equal(counts([...events, rest]), 0);
  });
}

Deno.test("a refund under way counts once the charge shows it", () => {
  const { bought, payment } = order();
  const refund = payment.refund({ at: inDays(1), status: "pending" });
  assert.equal(counts([bought.completed(), refund.created()]), 1);
  assert.equal(counts([bought.completed(), refund.created(), refund.chargeRefunded()]), 0);
  const done = refund.updated({ at: inDays(2), status: "succeeded" });
  assert.equal(counts([bought.completed(), refund.created(), done]), 0);
});

Deno.test("a dispute counts while it is open, and when it is lost", () => {
  const fates: [status: "won" | "lost" | "prevented", expected: number][] = [
    ["won", 1],
    ["lost", 0],
    ["prevented", 1],
  ];
  for (const [status, expected] of fates) {
    const { bought, payment } = order();
    const dispute = payment.dispute({ at: inDays(1) });
    assert.equal(counts([bought.completed(), dispute.created()]), 0);
    const closed = dispute.closed({ status, at: inDays(9) });
    assert.equal(counts([bought.completed(), dispute.created(), closed]), expected, status);
    const back = dispute.fundsReinstated({ at: inDays(20) });
    assert.equal(counts([bought.completed(), dispute.created(), closed, back]), 1);
  }
  const { bought, payment } = order();
  const inquiry = payment.dispute({ at: inDays(1), status: "warning_needs_response" });
  assert.equal(counts([bought.completed(), inquiry.created()]), 1);
});

for (const shape of shapes) {
  Deno.test(`a lost dispute stands until a later time is paid (${shape})`, () => {
    const sale = subscribe({}, shape);
    const payment = sale.payment(0);
    const dispute = payment.dispute({ at: inDays(5) });
    const lost = dispute.closed({ status: "lost", at: inDays(9) });
    const events = [...opened(sale), payment.invoicePaymentPaid(), dispute.created(), lost];
    assert.equal(counts(events), 0);
    assert.equal(counts([...events, sale.renewalPaid(1)]), 1);
  });

  Deno.test(`money of a subscription that goes back takes nothing away (${shape})`, () => {
    const sale = subscribe({}, shape);
    const payment = sale.payment(0);
    const refund = payment.refund({ at: inDays(1) });
    const events = [...opened(sale), payment.invoicePaymentPaid()];
    assert.equal(counts([...events, refund.created(), refund.chargeRefunded()]), 1);
  });
}

Deno.test("the merchant may choose otherwise", () => {
  const policy = { onCancel: "expire", onRefund: "ignore", onDispute: "ignore" } as const;
  const sale = subscribe();
  const events = [...opened(sale), sale.canceled({ at: inDays(5) })];
  assert.deepEqual(usable(events, { ...bySetting, policy }), ["app 2026-03-03"]);
  const { bought, payment } = order();
  const lost = payment.dispute({ at: inDays(1) }).closed({ status: "lost", at: inDays(9) });
  const back = payment.refund({ at: inDays(1) }).created();
  assert.equal(usable([bought.completed(), lost, back], { ...bySetting, policy }).length, 1);
});
