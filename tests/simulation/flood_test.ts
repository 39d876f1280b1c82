// The first of the month: two thousand renewals at once, and a buyer in the middle of them.

import { strict as assert } from "node:assert";
import type { StripeEvent } from "../../tools/stripe_sandbox/stripe_event.ts";
import type { Subscription } from "../../tools/stripe_sandbox/subscription.ts";
import { createStripeShop } from "../../tools/stripe_sandbox/stripe_shop.ts";
import { databaseTest } from "../database/ledger_database.ts";
import { soldBefore } from "./sold_before.ts";
import { createSimulatedBridge, start } from "./simulated_bridge.ts";

const price = { amount: 1900, interval: "month" } as const;
const many = 2000;
const graceMs = 3 * 24 * 60 * 60 * 1000;
const hourMs = 60 * 60 * 1000;

databaseTest("two thousand renewals at once", async (db, t) => {
  const bridge = createSimulatedBridge(db, { rate: { calls: 50, seconds: 5 } });
  const { sandbox } = bridge;
  const shop = createStripeShop({ seed: many, now: start });
  const subscribe = (email: string) =>
    shop.subscribe({ email, name: "Ada", price, startedAt: bridge.now() });
  const deliverAll = async (events: readonly StripeEvent[]) => {
    for (let n = 0; n < events.length; n += 25) {
      await Promise.all(events.slice(n, n + 25).map(bridge.deliver));
    }
  };
  const usable = (id: string) =>
    sandbox.licenses().filter(({ metadata }) => metadata.some(({ value }) => value === id));
  const isRenewed = ({ expiresAt }: { expiresAt: string | null }, end: Date) =>
    Math.abs(Date.parse(expiresAt ?? "") - end.getTime() - graceMs) <= hourMs;

  const subscriptions = Array.from({ length: many }, (_, n) => subscribe(`ada${n}@example.com`));
  const expiresAt = (one: Subscription) => new Date(one.periodEnd(0).getTime() + graceMs);
  await soldBefore(db, { sandbox, subscriptions, expiresAt, at: start });
  sandbox.forgetCalls();
  const refused = () => sandbox.calls().filter(({ status }) => status === 429).length;

  const beganMs = bridge.now().getTime();
  const passedSeconds = () => (bridge.now().getTime() - beganMs) / 1000;

  await t.step("all are acknowledged while next to nothing of it is done", async () => {
    await deliverAll(subscriptions.map((one) => one.renewalPaid(1)));
    // As autovacuum does within a minute.
    await db.sql`analyze`;
    assert.ok(passedSeconds() < 5, String(passedSeconds()));
    assert.equal(Object.values(await bridge.statuses()).reduce((a, b) => a + b), many);
  });

  await t.step("a buyer in the middle of it has a license within seconds", async () => {
    await bridge.pass(120);
    const before = passedSeconds();
    const sale = subscribe("buyer@example.com");
    await bridge.deliver(sale.firstInvoicePaid());
    while (usable(sale.id).length === 0) await bridge.pass(0.5);
    assert.ok(passedSeconds() - before <= 5, String(passedSeconds() - before));
    assert.ok(((await bridge.statuses())["pending"] ?? 0) > many / 2, "it was the middle");
  });

  await t.step(
    "all are worked off at the pace Cryptlex allows, without a storm of refusals",
    async () => {
      while (((await bridge.statuses())["pending"] ?? 0) > 0) await bridge.pass(15);
      await bridge.idle();
      // Five calls a second for ever, and a burst before.
      assert.ok(passedSeconds() < many / 5 * 1.25, `${passedSeconds()} s`);
      assert.ok(refused() <= 5, `${refused()} refusals`);
      for (const one of subscriptions) {
        const licenses = usable(one.id);
        assert.equal(licenses.length, 1);
        assert.ok(licenses.every((license) => isRenewed(license, one.periodEnd(1))));
      }
      assert.deepEqual(Object.keys(await bridge.statuses()), ["applied"]);
    },
  );
});
