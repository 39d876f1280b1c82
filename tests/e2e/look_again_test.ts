// A call that lands long after anybody waited for it: an hour later one look puts it right.

import { strict as assert } from "node:assert";
import { createStripeShop } from "../../tools/stripe_sandbox/stripe_shop.ts";
import { type Bridge, bridgeTest, impatient } from "./bridge.ts";

const price = { amount: 1900, interval: "month" } as const;
const graceMs = 3 * 24 * 60 * 60 * 1000;
/** Only when nobody waits for it any more. */
const lateMs = Infinity;
const options = { settings: impatient };

bridgeTest("what lands late is undone when it is looked for", options, async (bridge, t) => {
  const now = new Date();
  const subscribe = (seed: number) =>
    createStripeShop({ seed, now })
      .subscribe({ email: `late-${seed}@example.com`, price, startedAt: now });

  await t.step("a second license of ours is revoked", async () => {
    const sale = subscribe(1200);
    bridge.sandbox.fault({ kind: "late_write", method: "POST", path: /licenses$/, lateMs });
    await bridge.send(sale.firstInvoicePaid());
    await bridge.settled(sale.firstInvoicePaid());
    await bridge.sandbox.settled();
    assert.equal(bridge.usable(sale.id).length, 2);
    await anHourLater(bridge, sale.id);
    assert.equal(bridge.usable(sale.id).length, 1);
    assertLasts(bridge, sale.id, sale.periodEnd(0));
  });

  await t.step("a second renewal is taken back", async () => {
    const sale = subscribe(1201);
    await bridge.send(sale.firstInvoicePaid());
    await bridge.settled(sale.firstInvoicePaid());
    bridge.sandbox.fault({ kind: "late_write", method: "POST", path: /renew$/, lateMs });
    await bridge.send(sale.renewalPaid(1));
    await bridge.settled(sale.renewalPaid(1));
    await bridge.sandbox.settled();
    assert.throws(() => assertLasts(bridge, sale.id, sale.periodEnd(1)));
    await anHourLater(bridge, sale.id);
    assertLasts(bridge, sale.id, sale.periodEnd(1));
  });

  await t.step(
    "the look is taken once, and asks nothing of a purchase all was heard of",
    async () => {
      const sale = subscribe(1202);
      await bridge.send(sale.firstInvoicePaid());
      await bridge.settled(sale.firstInvoicePaid());
      bridge.forget();
      await bridge.lite.query(
        "update licensing.purchases set look_again_at = now() where look_again_at is not null",
      );
      await bridge.drain();
      assert.deepEqual(bridge.sandbox.calls(), []);
    },
  );
});

/** Lets the hour pass, in the ledger, and drains. */
async function anHourLater(bridge: Bridge, purchaseId: string): Promise<void> {
  const due = await bridge.lite.query<{ minutes: number }>(
    `update licensing.purchases set look_again_at = look_again_at - interval '1 hour'
     where purchase_id = $1
     returning extract(epoch from look_again_at - now())::int / 60 as minutes`,
    [purchaseId],
  );
  assert.equal(due[0]?.minutes, 0);
  await bridge.drain();
}

function assertLasts(bridge: Bridge, stripeId: string, end: Date): void {
  const [license, ...more] = bridge.usable(stripeId);
  assert.ok(license !== undefined && more.length === 0);
  const misses = Date.parse(license.expiresAt ?? "") - (end.getTime() + graceMs);
  assert.ok(Math.abs(misses) <= 60 * 60 * 1000, `expires ${misses / 3_600_000} hours off`);
}
