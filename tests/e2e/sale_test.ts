// The main job over HTTP: what is paid for becomes a license, once, whatever Stripe sends of it.

import { strict as assert } from "node:assert";
import type { PayloadShape } from "../../tools/stripe_sandbox/stripe_event.ts";
import { createStripeShop } from "../../tools/stripe_sandbox/stripe_shop.ts";
import { type Bridge, bridgeTest, otherProduct, product } from "./bridge.ts";

const price = { amount: 1900, interval: "month" } as const;
const graceMs = 3 * 24 * 60 * 60 * 1000;

bridgeTest("a paid order becomes a license, once", {}, async (bridge, t) => {
  const now = new Date();
  let seed = 100;
  const newShop = (shape: PayloadShape = "basil") => createStripeShop({ seed: seed++, now, shape });
  const buyer = () => ({ email: `buyer-${seed}@example.com`, name: "Ann Example" });

  for (const shape of ["basil", "acacia"] as const) {
    await t.step(`only checkout is sent (${shape})`, async () => {
      const sale = newShop(shape).subscribe({ ...buyer(), price, startedAt: now });
      await bridge.send(sale.checkoutCompleted());
      await bridge.settled(sale.checkoutCompleted());
      assert.equal(bridge.usable(sale.id).length, 1);
    });

    await t.step(`only the first invoice is sent (${shape})`, async () => {
      const sale = newShop(shape).subscribe({ ...buyer(), price, startedAt: now });
      await bridge.send(sale.firstInvoicePaid());
      await bridge.settled(sale.firstInvoicePaid());
      assertPaidThrough(bridge, sale.id, sale.periodEnd(0));
    });

    await t.step(`checkout comes before the first invoice (${shape})`, async () => {
      const sale = newShop(shape).subscribe({ ...buyer(), price, startedAt: now });
      await bridge.send(sale.checkoutCompleted());
      await bridge.settled(sale.checkoutCompleted());
      await bridge.send(sale.firstInvoicePaid());
      await bridge.settled(sale.firstInvoicePaid());
      assertPaidThrough(bridge, sale.id, sale.periodEnd(0));
    });

    await t.step(`the first invoice comes before checkout (${shape})`, async () => {
      const sale = newShop(shape).subscribe({ ...buyer(), price, startedAt: now });
      await bridge.send(sale.firstInvoicePaid());
      await bridge.settled(sale.firstInvoicePaid());
      await bridge.send(sale.checkoutCompleted());
      await bridge.settled(sale.checkoutCompleted());
      assertPaidThrough(bridge, sale.id, sale.periodEnd(0));
    });

    await t.step(`checkout and first invoice come at the same moment (${shape})`, async () => {
      const sale = newShop(shape).subscribe({ ...buyer(), price, startedAt: now });
      const events = [sale.checkoutCompleted(), sale.firstInvoicePaid()];
      await Promise.all(events.map((event) => bridge.send(event)));
      await bridge.settled(...events);
      assertPaidThrough(bridge, sale.id, sale.periodEnd(0));
    });
  }

  await t.step("the same event twenty times at once makes one license", async () => {
    const sale = newShop().subscribe({ ...buyer(), price, startedAt: now });
    const event = sale.checkoutCompleted();
    await Promise.all(Array.from({ length: 20 }, () => bridge.send(event)));
    const rows = await bridge.settled(event);
    assert.equal(rows.length, 1);
    assert.equal(bridge.usable(sale.id).length, 1);
    assert.equal(
      bridge.sandbox.users().filter((user) => user.email === `buyer-${seed - 1}@example.com`)
        .length,
      1,
    );
  });

  await t.step("a paid one-time order gets a license without an end of ours", async () => {
    const order = newShop().buy({ ...buyer(), amount: 4900, paymentStatus: "paid" });
    await bridge.send(order.completed());
    await bridge.settled(order.completed());
    assert.equal(bridge.usable(order.id).length, 1);
    assert.ok(
      !bridge.sandbox.calls().some((call) =>
        call.path.endsWith("/expires-at") &&
        call.path.includes(bridge.usable(order.id)[0]?.id ?? "none")
      ),
    );
  });

  await t.step("a free order is served", async () => {
    const order = newShop().buy({ ...buyer(), amount: 4900, paymentStatus: "no_payment_required" });
    assert.match(order.id, /^cs_/);
    await bridge.send(order.completed());
    await bridge.settled(order.completed());
    assert.equal(bridge.usable(order.id).length, 1);
  });

  await t.step("an unpaid order waits for the money, then gets its license", async () => {
    const order = newShop().buy({ ...buyer(), amount: 4900, paymentStatus: "unpaid" });
    await bridge.send(order.completed());
    const [waiting] = await bridge.settled(order.completed());
    assert.equal(bridge.usable(order.id).length, 0);
    assert.match(waiting?.outcome ?? "", /waits for the money/);
    await bridge.send(order.asyncPaymentSucceeded());
    await bridge.settled(order.asyncPaymentSucceeded());
    assert.equal(bridge.usable(order.id).length, 1);
  });

  await t.step("an order whose payment failed gets none", async () => {
    const order = newShop().buy({ ...buyer(), amount: 4900, paymentStatus: "unpaid" });
    await bridge.send(order.completed(), order.asyncPaymentFailed());
    const rows = await bridge.settled(order.completed(), order.asyncPaymentFailed());
    assert.equal(bridge.usable(order.id).length, 0);
    assert.ok(rows.some((row) => /payment failed/.test(row.outcome ?? "")));
  });

  await t.step(
    "money that came before the order was seen completed makes one license",
    async () => {
      const order = newShop().buy({ ...buyer(), amount: 4900, paymentStatus: "unpaid" });
      await bridge.send(order.asyncPaymentSucceeded(), order.completed());
      await bridge.settled(order.completed(), order.asyncPaymentSucceeded());
      assert.equal(bridge.usable(order.id).length, 1);
    },
  );

  await t.step("a setup session sells nothing", async () => {
    const setup = newShop().setup(buyer());
    await bridge.send(setup.completed());
    const [row] = await bridge.settled(setup.completed());
    assert.equal(row?.status, "ignored");
    assert.match(row?.outcome ?? "", /nothing was sold/);
  });

  await t.step("a free trial gets a license until it ends", async () => {
    const sale = newShop().subscribe({ ...buyer(), price, startedAt: now, trialDays: 14 });
    await bridge.send(sale.firstInvoicePaid(), sale.checkoutCompleted());
    await bridge.settled(sale.firstInvoicePaid(), sale.checkoutCompleted());
    assert.ok(sale.trialEnd);
    assertPaidThrough(bridge, sale.id, sale.trialEnd);
  });

  await t.step("two purchases by one e-mail are two licenses of one user", async () => {
    const shop = newShop();
    const who = buyer();
    const first = shop.buy({ ...who, amount: 100, paymentStatus: "paid" });
    const second = shop.buy({ ...who, amount: 100, paymentStatus: "paid" });
    await Promise.all([bridge.send(first.completed()), bridge.send(second.completed())]);
    await bridge.settled(first.completed(), second.completed());
    const [one, two] = [...bridge.usable(first.id), ...bridge.usable(second.id)];
    assert.ok(one && two && one.id !== two.id);
    assert.equal(one.userId, two.userId);
  });

  await t.step("metadata of the session says which product, template and set", async () => {
    const order = newShop().buy({
      ...buyer(),
      amount: 100,
      paymentStatus: "paid",
      metadata: {
        CRYPTLEX_PRODUCT_ID: otherProduct.id,
        CRYPTLEX_LICENSE_TEMPLATE: "template-perpetual",
        CRYPTLEX_ENTITLEMENT_SET_ID: "set-pro",
      },
    });
    await bridge.send(order.completed());
    await bridge.settled(order.completed());
    const [license] = bridge.usable(order.id);
    assert.equal(license?.productId, otherProduct.id);
    assert.equal(license?.entitlementSetId, "set-pro");
    assert.equal(license?.perpetual, true);
  });

  await t.step("metadata of the subscription says which product", async () => {
    const sale = newShop().subscribe({
      ...buyer(),
      price,
      startedAt: now,
      subscriptionMetadata: { CRYPTLEX_PRODUCT_ID: otherProduct.id },
    });
    await bridge.send(sale.firstInvoicePaid(), sale.checkoutCompleted());
    await bridge.settled(sale.firstInvoicePaid(), sale.checkoutCompleted());
    assert.deepEqual(bridge.usable(sale.id).map((one) => one.productId), [otherProduct.id]);
  });

  await t.step("session metadata that comes after the invoice still decides", async () => {
    const sale = newShop().subscribe({
      ...buyer(),
      price,
      startedAt: now,
      sessionMetadata: { CRYPTLEX_PRODUCT_ID: otherProduct.id },
    });
    await bridge.send(sale.firstInvoicePaid());
    await bridge.settled(sale.firstInvoicePaid());
    assert.deepEqual(bridge.usable(sale.id).map((one) => one.productId), [product.id]);
    await bridge.send(sale.checkoutCompleted());
    await bridge.settled(sale.checkoutCompleted());
    assert.deepEqual(bridge.usable(sale.id).map((one) => one.productId), [otherProduct.id]);
    assertPaidThrough(bridge, sale.id, sale.periodEnd(0));
  });
});

function assertPaidThrough(bridge: Bridge, stripeId: string, end: Date): void {
  const licenses = bridge.usable(stripeId);
  assert.equal(licenses.length, 1);
  assert.equal(
    new Date(licenses[0]?.expiresAt ?? 0).toISOString(),
    new Date(end.getTime() + graceMs).toISOString(),
  );
}
