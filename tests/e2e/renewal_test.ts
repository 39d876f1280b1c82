// The main job over HTTP: what is paid again lasts longer, exactly as long as was paid for.

import { strict as assert } from "node:assert";
import { createStripeShop } from "../../tools/stripe_sandbox/stripe_shop.ts";
import type { StripeEvent } from "../../tools/stripe_sandbox/stripe_event.ts";
import { type Bridge, bridgeTest, otherProduct, product } from "./bridge.ts";

const price = { amount: 1900, interval: "month" } as const;
const graceMs = 3 * 24 * 60 * 60 * 1000;

bridgeTest("a paid renewal renews, once", {}, async (bridge, t) => {
  let seed = 200;
  const buyer = () => ({ email: `renewer-${seed}@example.com`, name: "Ann Example" });
  const subscribe = (startedAt: Date, options: Record<string, unknown> = {}) =>
    createStripeShop({ seed: seed++, now: startedAt })
      .subscribe({ ...buyer(), price, startedAt, ...options });
  const sendAndSettle = async (...events: StripeEvent[]) => {
    await bridge.send(...events);
    await bridge.settled(...events);
  };

  await t.step("a renewal resent five times at once renews once", async () => {
    const sale = subscribe(new Date());
    await sendAndSettle(sale.checkoutCompleted(), sale.firstInvoicePaid());
    await Promise.all(Array.from({ length: 5 }, () => bridge.send(sale.renewalPaid(1))));
    await bridge.settled(sale.renewalPaid(1));
    assertExpires(bridge, sale.id, sale.periodEnd(1));
  });

  await t.step("an aligned renewal is one call, and fires Cryptlex's own renewal", async () => {
    const sale = subscribe(new Date());
    await sendAndSettle(sale.firstInvoicePaid());
    bridge.forget();
    await sendAndSettle(sale.renewalPaid(1));
    const calls = bridge.sandbox.calls().map((call) => `${call.method} ${call.path}`);
    assert.equal(calls.length, 1);
    assert.match(calls[0] ?? "", /^POST .*\/renew$/);
  });

  for (const [anchor, name] of [["2026-01-31", "31st"], ["2027-12-30", "30th"]] as const) {
    await t.step(
      `four renewals from an anchor on the ${name} end when Stripe's periods do`,
      async () => {
        const sale = subscribe(new Date(`${anchor}T10:00:00Z`));
        await sendAndSettle(sale.firstInvoicePaid(), sale.checkoutCompleted());
        assertExpires(bridge, sale.id, sale.periodEnd(0));
        for (const n of [1, 2, 3, 4]) {
          await sendAndSettle(sale.renewalPaid(n));
          assertExpires(bridge, sale.id, sale.periodEnd(n));
        }
      },
    );
  }

  await t.step(
    "renewals that come before the sale make one license, paid through all",
    async () => {
      const sale = subscribe(new Date("2026-03-10T10:00:00Z"));
      await sendAndSettle(sale.renewalPaid(2));
      await sendAndSettle(sale.renewalPaid(1));
      await sendAndSettle(sale.firstInvoicePaid());
      await sendAndSettle(sale.checkoutCompleted());
      assertExpires(bridge, sale.id, sale.periodEnd(2));
    },
  );

  await t.step("a template interval unlike the price's does not matter", async () => {
    const sale = subscribe(new Date("2026-05-05T10:00:00Z"), {
      subscriptionMetadata: { CRYPTLEX_PRODUCT_ID: otherProduct.id },
    });
    await sendAndSettle(sale.checkoutCompleted(), sale.firstInvoicePaid());
    assertExpires(bridge, sale.id, sale.periodEnd(0));
    await sendAndSettle(sale.renewalPaid(1));
    assertExpires(bridge, sale.id, sale.periodEnd(1));
  });

  await t.step("a change of price within the interval adds no time", async () => {
    const startedAt = new Date("2026-06-01T10:00:00Z");
    const sale = subscribe(startedAt);
    await sendAndSettle(sale.firstInvoicePaid());
    await sendAndSettle(sale.changePrice({
      to: { amount: 4900, interval: "month" },
      at: new Date("2026-06-11T10:00:00Z"),
      prorationBehavior: "always_invoice",
    }));
    assertExpires(bridge, sale.id, sale.periodEnd(0));
    await sendAndSettle(sale.renewalPaid(1));
    assertExpires(bridge, sale.id, sale.periodEnd(1));
  });

  await t.step("a change from monthly to yearly adds the year", async () => {
    const sale = subscribe(new Date("2026-06-01T10:00:00Z"));
    await sendAndSettle(sale.firstInvoicePaid());
    const at = new Date("2026-06-11T10:00:00Z");
    await sendAndSettle(sale.changePrice({
      to: { amount: 19000, interval: "year" },
      at,
      prorationBehavior: "always_invoice",
    }));
    assertExpires(bridge, sale.id, new Date("2027-06-11T10:00:00Z"));
  });

  await t.step("plans map invoice lines by price, then by product", async () => {
    await bridge.lite.query(
      `insert into licensing.plans (stripe_id, cryptlex_product_id, license_template_id)
       values ('price_mapped', $1, 'template-yearly'), ('prod_mapped', $2, null)`,
      [otherProduct.id, product.id],
    );
    const byPrice = subscribe(new Date(), {
      price: { ...price, price: "price_mapped", product: "prod_mapped" },
    });
    const byProduct = subscribe(new Date(), {
      price: { ...price, price: "price_else", product: "prod_mapped" },
    });
    const unmapped = subscribe(new Date());
    for (const sale of [byPrice, byProduct, unmapped]) {
      // Without lines a session cannot tell what was bought: it waits for the invoice.
      await sendAndSettle(sale.checkoutCompleted());
      assert.equal(bridge.usable(sale.id).length, 0);
      await sendAndSettle(sale.firstInvoicePaid());
    }
    assert.deepEqual(bridge.usable(byPrice.id).map((one) => one.productId), [otherProduct.id]);
    assert.deepEqual(bridge.usable(byProduct.id).map((one) => one.productId), [product.id]);
    assert.equal(bridge.usable(unmapped.id).length, 0);
    const [row] = await bridge.rows(unmapped.firstInvoicePaid());
    assert.equal(row?.status, "ignored");
    assert.match(row?.outcome ?? "", /nothing maps price_/);
    await bridge.lite.query("delete from licensing.plans");
  });
});

function assertExpires(bridge: Bridge, stripeId: string, end: Date): void {
  const licenses = bridge.usable(stripeId);
  assert.equal(licenses.length, 1);
  const misses = Date.parse(licenses[0]?.expiresAt ?? "") - (end.getTime() + graceMs);
  assert.ok(Math.abs(misses) <= 60 * 60 * 1000, `expires ${misses / 3_600_000} hours off`);
}
