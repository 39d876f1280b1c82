// Somebody works in Cryptlex's portal meanwhile: what they did stands, and nobody's license lapses.

import { strict as assert } from "node:assert";
import { createStripeShop } from "../../tools/stripe_sandbox/stripe_shop.ts";
import type { StripeEvent } from "../../tools/stripe_sandbox/stripe_event.ts";
import { type Bridge, bridgeTest, impatient, otherProduct } from "./bridge.ts";

const price = { amount: 1900, interval: "month" } as const;
const graceMs = 3 * 24 * 60 * 60 * 1000;

bridgeTest("the operator's hand is respected", {}, async (bridge, t) => {
  let seed = 1000;
  const subscribe = (options: Record<string, unknown> = {}, startedAt = new Date()) =>
    createStripeShop({ seed: seed++, now: startedAt })
      .subscribe({ email: `op-${seed}@example.com`, name: "Ann", price, startedAt, ...options });
  const settle = async (...events: StripeEvent[]) => {
    await bridge.send(...events);
    return await bridge.settled(...events);
  };
  const only = (stripeId: string) => {
    const [license, ...more] = bridge.usable(stripeId);
    assert.ok(license !== undefined && more.length === 0);
    return license;
  };

  await t.step("a license made perpetual by hand stays perpetual", async () => {
    const sale = subscribe();
    await settle(sale.firstInvoicePaid());
    bridge.sandbox.change(only(sale.id).id, { expiresAt: null, perpetual: true });
    const [row] = await settle(sale.renewalPaid(1));
    assert.equal(only(sale.id).perpetual, true);
    assert.match(row?.outcome ?? "", /is left as it is, perpetual/);
  });

  await t.step(
    "a date moved far ahead by hand is not cut, whatever the template's interval",
    async () => {
      const sale = subscribe({ subscriptionMetadata: { CRYPTLEX_PRODUCT_ID: otherProduct.id } });
      await settle(sale.firstInvoicePaid());
      const far = "2031-01-01T00:00:00.0000000Z";
      bridge.sandbox.change(only(sale.id).id, { expiresAt: far });
      await settle(sale.renewalPaid(1));
      assert.equal(only(sale.id).expiresAt, far);
    },
  );

  await t.step("one 404 does not write a license off", async () => {
    const sale = subscribe();
    await settle(sale.firstInvoicePaid());
    bridge.sandbox.fault({ kind: "status_before", status: 404, method: "POST", path: /\/renew$/ });
    const [row] = await settle(sale.renewalPaid(1));
    assert.equal(row?.status, "parked");
    await settle(sale.renewalPaid(2));
    assertLasts(bridge, sale.id, sale.periodEnd(2));
  });

  await t.step(
    "a license that seemed deleted is looked for again, and renewed once it is there",
    async () => {
      const sale = subscribe();
      await settle(sale.firstInvoicePaid());
      const { id } = only(sale.id);
      for (const method of ["POST", "GET"]) {
        bridge.sandbox.fault({ kind: "status_before", status: 404, method, path: new RegExp(id) });
      }
      const [row] = await settle(sale.renewalPaid(1));
      assert.match(row?.outcome ?? "", /was deleted in Cryptlex/);
      await settle(sale.renewalPaid(2));
      assertLasts(bridge, sale.id, sale.periodEnd(2));
    },
  );

  await t.step("a replacement made by hand takes a deleted license's place", async () => {
    const sale = subscribe();
    await settle(sale.firstInvoicePaid());
    const { id, productId, metadata } = only(sale.id);
    bridge.sandbox.remove(id);
    await settle(sale.renewalPaid(1));
    const replacement = bridge.sandbox.seedLicense({
      productId,
      metadata: metadata.map(({ key, value }) => ({ key, value: value ?? "" })),
      expiresAt: sale.periodEnd(1).toISOString(),
    });
    await settle(sale.renewalPaid(2));
    assert.equal(only(sale.id).id, replacement.id);
    assertLasts(bridge, sale.id, sale.periodEnd(2));
  });

  await t.step("a refused create does not give the customer another user", async () => {
    const shop = createStripeShop({ seed: seed++, now: new Date() });
    const customer = shop.customer({ email: "known@example.com", name: "Known" });
    const first = shop.subscribe({
      customer,
      email: "known@example.com",
      price,
      startedAt: new Date(),
    });
    await settle(first.firstInvoicePaid());
    const wrong = shop.buy({
      customer,
      email: "typed-another@example.com",
      amount: 100,
      paymentStatus: "paid",
      metadata: { CRYPTLEX_PRODUCT_ID: "no-such-product" },
    });
    const [row] = await settle(wrong.completed());
    assert.equal(row?.status, "parked");
    const third = shop.buy({
      customer,
      email: "known@example.com",
      amount: 100,
      paymentStatus: "paid",
    });
    await settle(third.completed());
    assert.equal(only(third.id).userId, only(first.id).userId);
  });

  await t.step(
    "an edited plan does not reach a license whose correction failed on the way",
    async () => {
      await bridge.lite.query(
        "insert into licensing.plans (stripe_id, cryptlex_product_id) values ('price_frozen', 'product-app')",
      );
      const startedAt = new Date("2026-01-31T10:00:00Z");
      const sale = subscribe({ price: { ...price, price: "price_frozen" } }, startedAt);
      await settle(sale.firstInvoicePaid());
      const { id } = only(sale.id);
      await bridge.lite.query(
        "update licensing.plans set cryptlex_product_id = $1 where stripe_id = 'price_frozen'",
        [otherProduct.id],
      );
      bridge.sandbox.change(id, { expiresAt: "2026-03-02T09:00:00Z" });
      bridge.sandbox.fault({
        kind: "status_before",
        status: 503,
        method: "PATCH",
        path: /expires-at$/,
      });
      await settle(sale.renewalPaid(1));
      await settle(sale.renewalPaid(2));
      assert.equal(only(sale.id).id, id);
      await bridge.lite.query("delete from licensing.plans");
    },
  );
});

bridgeTest(
  "what an unheard create made is found, whatever the purchase is called by then",
  { settings: impatient },
  async (bridge, t) => {
    const now = new Date();

    await t.step("after it was joined to a better id", async () => {
      await bridge.lite.query(
        "insert into licensing.plans (stripe_id, cryptlex_product_id) values ('price_joined', 'product-app')",
      );
      const order = createStripeShop({ seed: 1100, now }).buy({
        email: "joined@example.com",
        amount: 100,
        price: "price_joined",
        paymentStatus: "paid",
        withInvoice: true,
      });
      bridge.sandbox.fault({ kind: "lost_after", method: "POST", path: /licenses$/ });
      await bridge.send(order.invoicePaid());
      await bridge.send(order.completed());
      await bridge.settled(order.invoicePaid(), order.completed());
      const all = bridge.sandbox.licenses().filter((license) =>
        license.user?.email === "joined@example.com" && !license.revoked
      );
      assert.equal(all.length, 1);
      await bridge.lite.query("delete from licensing.plans");
    });

    await t.step("and its template's date gives way to what was paid for", async () => {
      const sale = createStripeShop({ seed: 1101, now }).subscribe({
        email: "template@example.com",
        price,
        startedAt: now,
        sessionMetadata: { CRYPTLEX_PRODUCT_ID: otherProduct.id },
      });
      bridge.sandbox.fault({ kind: "lost_after", method: "POST", path: /licenses$/ });
      await bridge.send(sale.checkoutCompleted());
      await bridge.settled(sale.checkoutCompleted());
      await bridge.send(sale.firstInvoicePaid());
      await bridge.settled(sale.firstInvoicePaid());
      assertLasts(bridge, sale.id, sale.periodEnd(0));
    });
  },
);

function assertLasts(bridge: Bridge, stripeId: string, end: Date): void {
  const [license, ...more] = bridge.usable(stripeId);
  assert.ok(license !== undefined && more.length === 0);
  const misses = Date.parse(license.expiresAt ?? "") - (end.getTime() + graceMs);
  assert.ok(Math.abs(misses) <= 60 * 60 * 1000, `expires ${misses / 3_600_000} hours off`);
}
