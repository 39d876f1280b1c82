// Many sales at once, and the worker that acknowledged them dies before it takes up any.

import { strict as assert } from "node:assert";
import { createStripeShop } from "../../tools/stripe_sandbox/stripe_shop.ts";
import { databaseTest, leaseSeconds } from "../database/ledger_database.ts";
import { createSimulatedBridge, start } from "./simulated_bridge.ts";

const price = { amount: 1900, interval: "month" } as const;
const many = 40;

databaseTest("a burst whose worker dies once all are acknowledged", async (db, t) => {
  const bridge = createSimulatedBridge(db, { rate: { calls: 1000, seconds: 5 } });
  const shop = createStripeShop({ seed: many, now: start });
  const sales = Array.from(
    { length: many },
    (_, n) =>
      shop.subscribe({ email: `ada${n}@example.com`, name: "Ada", price, startedAt: start }),
  );
  const licensed = () => bridge.sandbox.licenses().length;
  await bridge.deliverAndDie(sales.map((sale) => sale.firstInvoicePaid()));

  await t.step("leaves nothing but what is due: few purchases are leased", async () => {
    const [leased] = await db.sql<{ many: number }[]>`
      select count(*)::integer as many from licensing.purchases where lease_token is not null`;
    assert.equal(leased?.many, 8);
    assert.equal(licensed(), 0);
    assert.deepEqual(await bridge.statuses(), { pending: many });
  });

  await t.step("the next drain serves all that was left for the lull", async () => {
    await bridge.pass(30);
    await bridge.idle();
    assert.deepEqual(await bridge.statuses(), { pending: 8, applied: many - 8 });
    assert.equal(licensed(), many - 8);
  });

  await t.step("and the others when their leases have run out, each sale once", async () => {
    await bridge.pass(leaseSeconds + 30);
    await bridge.idle();
    assert.deepEqual(await bridge.statuses(), { applied: many });
    assert.equal(licensed(), many);
    const sold = bridge.sandbox.licenses().map(({ metadata }) =>
      metadata.find(({ key }) => key === "stripe_subscription_id")?.value
    );
    assert.deepEqual(new Set(sold), new Set(sales.map(({ id }) => id)));
  });
});
