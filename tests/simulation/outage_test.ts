// Cryptlex is away for four days, longer than Stripe itself would go on trying by much.

import { strict as assert } from "node:assert";
import type { Subscription } from "../../tools/stripe_sandbox/subscription.ts";
import { createStripeShop } from "../../tools/stripe_sandbox/stripe_shop.ts";
import { databaseTest } from "../database/ledger_database.ts";
import { createSimulatedBridge, start } from "./simulated_bridge.ts";

const price = { amount: 1900, interval: "month" } as const;
const hour = 60 * 60;
const sales = 30;

databaseTest("Cryptlex is down for four days", async (db, t) => {
  const bridge = createSimulatedBridge(db, { rate: { calls: 50, seconds: 5 } });
  const { sandbox } = bridge;
  const shop = createStripeShop({ seed: 4, now: start });
  const subscriptions: Subscription[] = [];

  // Three ways to be away; reading is none of them, so that no license is made unheard.
  sandbox.fault({ kind: "status_before", status: 503, path: /users/, times: Infinity });
  sandbox.fault({ kind: "lost_before", method: "GET", times: Infinity });
  sandbox.fault({ kind: "status_before", status: 502, times: Infinity });
  for (let n = 0; n < sales; n++) {
    const sale = shop.subscribe({
      email: `ada${n}@example.com`,
      name: "Ada",
      price,
      startedAt: bridge.now(),
    });
    subscriptions.push(sale);
    await bridge.deliver(sale.firstInvoicePaid());
    await bridge.pass(96 * hour / sales, { drainEverySeconds: hour });
  }
  await bridge.idle();

  await t.step("nothing is lost, nothing parked: all of it still waits", async () => {
    assert.equal(sandbox.licenses().length, 0);
    assert.deepEqual(await bridge.statuses(), { pending: sales });
  });

  await t.step("no purchase waits longer than an hour for its next attempt", async () => {
    const [late] = await db.sql`select count(*)::integer as many from licensing.waiting
      where due_at > ${bridge.now()}::timestamptz + interval '1 hour'`;
    assert.equal(late?.["many"], 0);
  });

  sandbox.clearFaults();
  sandbox.forgetCalls();
  const backMs = bridge.now().getTime();

  await t.step("asked to go on at once, it serves who has waited longest first", async () => {
    await bridge.drain({ ignoreBackoff: true });
    await bridge.idle();
    assert.deepEqual(await bridge.statuses(), { applied: sales });
    const served = sandbox.licenses().map(({ metadata }) =>
      subscriptions.findIndex(({ id }) => metadata.some(({ value }) => value === id))
    );
    // Eight at a time: nobody is overtaken by more than those beside him.
    for (const [place, n] of served.entries()) {
      assert.ok(Math.abs(place - n) < 16, `${n}: ${place}`);
    }
    assert.equal(new Set(served).size, sales);
  });

  await t.step("at the pace Cryptlex allows: no stampede", () => {
    const calls = sandbox.calls();
    assert.equal(calls.filter(({ status }) => status === 429).length, 0);
    // A read, a user and a license each, five calls a second after a burst.
    const seconds = (bridge.now().getTime() - backMs) / 1000;
    assert.ok(seconds >= (sales * 3 - 50) / 5, `${seconds} s`);
  });

  await t.step("the date is what was paid for, whatever the delay", () => {
    for (const one of subscriptions) {
      const license = sandbox.licenses().find(({ metadata }) =>
        metadata.some(({ value }) => value === one.id)
      );
      const until = one.periodEnd(0).getTime() + 3 * 24 * hour * 1000;
      assert.ok(Math.abs(Date.parse(license?.expiresAt ?? "") - until) <= hour * 1000);
    }
  });
});

databaseTest("after an outage all is well by itself within an hour and a drain", async (db) => {
  const bridge = createSimulatedBridge(db, { rate: { calls: 50, seconds: 5 } });
  const shop = createStripeShop({ seed: 5, now: start });
  bridge.sandbox.fault({ kind: "status_before", status: 503, times: Infinity });
  for (let n = 0; n < 20; n++) {
    const { firstInvoicePaid } = shop.subscribe({
      email: `bob${n}@example.com`,
      name: "Bob",
      price,
      startedAt: bridge.now(),
    });
    await bridge.deliver(firstInvoicePaid());
  }
  await bridge.pass(6 * hour, { drainEverySeconds: 300 });
  bridge.sandbox.clearFaults();
  await bridge.pass(hour + 300, { drainEverySeconds: 300 });
  await bridge.idle();
  assert.deepEqual(await bridge.statuses(), { applied: 20 });
  assert.equal(bridge.sandbox.licenses().length, 20);
});
