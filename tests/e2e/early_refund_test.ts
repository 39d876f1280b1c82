// Money that goes back before anybody knows for what it was paid: it counts once that is known.

import { strict as assert } from "node:assert";
import { createStripeShop } from "../../tools/stripe_sandbox/stripe_shop.ts";
import type { StripeEvent } from "../../tools/stripe_sandbox/stripe_event.ts";
import { HOUR, later } from "../../tools/stripe_sandbox/unix_time.ts";
import { type Bridge, bridgeTest, product } from "./bridge.ts";

const price = { amount: 1900, interval: "month" } as const;
const now = new Date();
const soon = later(now, HOUR);

bridgeTest("a refund that comes before its sale counts", {}, async (bridge, t) => {
  const { sandbox } = bridge;
  const email = () => `${crypto.randomUUID()}@example.com`;

  await t.step("found by the payment intent: no license is made", async () => {
    const order = createStripeShop({ seed: 1800, now })
      .buy({ email: email(), amount: 24900, paymentStatus: "paid" });
    const refund = order.payment().refund({ at: soon });
    const early = await settled(bridge, refund.created());
    assert.match(early, /no purchase is known by this payment; it counts as soon as one is/);
    await settled(bridge, refund.chargeRefunded());
    const outcome = await settled(bridge, order.completed());
    assert.match(outcome, /no license is made: the payment was refunded in full/);
    assert.equal(named(order.id).length, 0);
  });

  await t.step("a part of the money: the license is made, and stays", async () => {
    const order = createStripeShop({ seed: 1801, now })
      .buy({ email: email(), amount: 24900, paymentStatus: "paid" });
    await settled(bridge, order.payment().refund({ amount: 100, at: soon }).chargeRefunded());
    await settled(bridge, order.completed());
    assert.equal(bridge.usable(order.id).length, 1);
  });

  await t.step("a one-off invoice is found by invoice_payment.paid, and revoked", async () => {
    const invoice = createStripeShop({ seed: 1802, now }).invoice({
      email: email(),
      lines: [{ amount: 24900 }],
      metadata: { CRYPTLEX_PRODUCT_ID: product.id },
      at: now,
    });
    const refund = invoice.payment().refund({ at: later(now, 48 * HOUR) });
    await settled(bridge, refund.chargeRefunded());
    await settled(bridge, invoice.paid());
    assert.equal(bridge.usable(invoice.id).length, 1);

    const link = invoice.payment().invoicePaymentPaid();
    assert.ok(link !== null);
    const outcome = await settled(bridge, link);
    assert.match(outcome, /revoked \(the payment was refunded in full\)/);
    assert.deepEqual(named(invoice.id).map(({ revoked }) => revoked), [true]);
  });

  await t.step("a subscription's is found by invoice_payment.paid, and reported", async () => {
    const sale = createStripeShop({ seed: 1803, now })
      .subscribe({ email: email(), price, startedAt: now });
    const refund = sale.payment(0).refund({ at: soon });
    const link = sale.payment(0).invoicePaymentPaid();
    assert.ok(link !== null);
    await settled(bridge, refund.created());
    await settled(bridge, sale.firstInvoicePaid());
    await settled(bridge, link);
    const outcome = await settled(bridge, refund.chargeRefunded());
    assert.match(outcome, /a payment was refunded: cancel the subscription to end the license/);
    assert.equal(bridge.usable(sale.id).length, 1);
    const rows = await bridge.rows(refund.created(), sale.firstInvoicePaid(), link);
    assert.equal(new Set(rows.map(({ status }) => status)).size, 1);
    assert.equal((await bridge.rows(refund.chargeRefunded()))[0]?.purchase_id, sale.id);
  });

  await t.step("a dispute of a subscription likewise: suspended once it is found", async () => {
    const sale = createStripeShop({ seed: 1804, now })
      .subscribe({ email: email(), price, startedAt: now });
    const link = sale.payment(0).invoicePaymentPaid();
    assert.ok(link !== null);
    await settled(bridge, sale.payment(0).dispute({ at: soon }).created());
    await settled(bridge, sale.firstInvoicePaid());
    await settled(bridge, link);
    assert.deepEqual(bridge.usable(sale.id).map(({ suspended }) => suspended), [true]);
  });

  function named(stripeId: string) {
    return sandbox.licenses().filter(({ metadata }) =>
      metadata.some(({ value }) => value === stripeId)
    );
  }
});

/** Sends it; what it came to. */
async function settled(bridge: Bridge, event: StripeEvent): Promise<string> {
  await bridge.send(event);
  const [row] = await bridge.settled(event);
  assert.equal(row?.status, "applied", row?.last_error ?? "");
  return row.outcome ?? "";
}
