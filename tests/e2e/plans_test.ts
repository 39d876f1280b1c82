// What is sold by rows of licensing.plans, and a row that is wrong: a person mends it, and it is right.

import { strict as assert } from "node:assert";
import { createStripeShop } from "../../tools/stripe_sandbox/stripe_shop.ts";
import type { StripeEvent } from "../../tools/stripe_sandbox/stripe_event.ts";
import { DAY, later } from "../../tools/stripe_sandbox/unix_time.ts";
import { type Bridge, bridgeTest, product } from "./bridge.ts";

const now = new Date();
const basic = {
  price: "price_basic",
  product: "prod_app",
  amount: 1900,
  interval: "month",
} as const;
const pro = { ...basic, price: "price_pro", amount: 4900 } as const;

bridgeTest("a plan that names a wrong entitlement set", {}, async (bridge, t) => {
  const setPlan = (stripeId: string, entitlementSetId: string | null) =>
    bridge.lite.query(
      `insert into licensing.plans (stripe_id, cryptlex_product_id, entitlement_set_id)
       values ($1, $2, $3)
       on conflict (stripe_id) do update set entitlement_set_id = excluded.entitlement_set_id`,
      [stripeId, product.id, entitlementSetId],
    );
  const tryAgain = (event: StripeEvent) =>
    bridge.lite.query(
      "update licensing.stripe_events set status = 'pending' where event_id = $1",
      [event.id],
    );
  const subscribe = (seed: number) =>
    createStripeShop({ seed, now })
      .subscribe({ email: `buyer-${seed}@example.com`, price: basic, startedAt: now });

  await t.step(
    "a sale is parked with Cryptlex's own words, and made once it is mended",
    async () => {
      const sale = subscribe(2100);
      await setPlan(basic.price, "set-none");
      const invoice = sale.firstInvoicePaid();
      await bridge.send(invoice);
      const [parked] = await bridge.settled(invoice);
      assert.equal(parked?.status, "parked");
      assert.match(
        parked.last_error ?? "",
        /^Cryptlex refused POST \/v3\/licenses with 4\d\d.*set/,
      );
      assert.equal(bridge.usable(sale.id).length, 0);

      await setPlan(basic.price, "set-pro");
      await tryAgain(invoice);
      const [row] = await bridge.settled(invoice);
      assert.deepEqual([row?.status, row?.last_error], ["applied", null]);
      assert.deepEqual(setsOf(bridge, sale.id), ["set-pro"]);
    },
  );

  await t.step("an upgrade is parked, the license stays as it was, and is mended", async () => {
    const sale = subscribe(2101);
    await setPlan(basic.price, null);
    await setPlan(pro.price, "set-none");
    await bridge.send(sale.firstInvoicePaid());
    await bridge.settled(sale.firstInvoicePaid());
    const [before] = bridge.usable(sale.id);

    const { updated } = sale.changePlan({
      to: pro,
      at: later(now, DAY),
      prorationBehavior: "create_prorations",
    });
    await bridge.send(updated);
    const [parked] = await bridge.settled(updated);
    assert.equal(parked?.status, "parked");
    assert.match(parked.last_error ?? "", /^Cryptlex refused PATCH \/v3\/licenses\/\S+ with 4\d\d/);
    assert.deepEqual(bridge.usable(sale.id), [before]);

    await setPlan(pro.price, "set-pro");
    await tryAgain(updated);
    const [row] = await bridge.settled(updated);
    assert.deepEqual([row?.status, row?.last_error], ["applied", null]);
    assert.deepEqual(setsOf(bridge, sale.id), ["set-pro"]);
    assert.equal(bridge.usable(sale.id)[0]?.key, before?.key);
  });

  await t.step(
    "a renewal after a refused upgrade still renews, and names what is wrong",
    async () => {
      const sale = subscribe(2102);
      await setPlan(pro.price, "set-none");
      await bridge.send(sale.firstInvoicePaid());
      await bridge.settled(sale.firstInvoicePaid());
      const { updated } = sale.changePlan({
        to: pro,
        at: later(now, DAY),
        prorationBehavior: "create_prorations",
      });
      await bridge.send(updated);
      await bridge.settled(updated);
      await bridge.send(sale.renewalPaid(1));
      const [row] = await bridge.settled(sale.renewalPaid(1));
      assert.match(row?.last_error ?? "", /^Cryptlex refused PATCH/);
      const [license] = bridge.usable(sale.id);
      const lasts = Date.parse(license?.expiresAt ?? "");
      assert.ok(lasts >= sale.periodEnd(1).getTime(), license?.expiresAt ?? "");
    },
  );
});

function setsOf(bridge: Bridge, stripeId: string): (string | null)[] {
  return bridge.usable(stripeId).map(({ entitlementSetId }) => entitlementSetId);
}
