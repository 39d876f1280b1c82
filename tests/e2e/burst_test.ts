// Many sales at once: all are acknowledged and written down first, then all are licensed, though
// nothing but the deliveries themselves works them off.

import { strict as assert } from "node:assert";
import { createStripeShop } from "../../tools/stripe_sandbox/stripe_shop.ts";
import { eventually } from "../eventually.ts";
import { bridgeTest } from "./bridge.ts";

const price = { amount: 1900, interval: "month" } as const;

/** Everything around the function shares one thread here, and answers late. */
const settings = { CRYPTLEX_TIMEOUT_MS: "20000" };

bridgeTest("a burst of sales", { settings }, async (bridge, t) => {
  const shop = createStripeShop({ seed: 900, now: new Date() });
  const sales = Array.from(
    { length: 60 },
    (_, n) =>
      shop.subscribe({
        email: `burst-${n}@example.com`,
        name: "Ann",
        price,
        startedAt: new Date(),
      }),
  );

  await t.step("is licensed by itself, each sale once", async () => {
    await Promise.all(sales.map((sale) => bridge.send(sale.firstInvoicePaid())));
    await eventually(() => bridge.sandbox.licenses().length >= sales.length);
    for (const sale of sales) assert.equal(bridge.usable(sale.id).length, 1);
    const calls = bridge.databaseCalls();
    assert.ok(calls.includes("claim_due_purchase"), "some were left for the lull");
  });

  await t.step("and of what else is told of them at once nothing more comes", async () => {
    const others = sales.flatMap((sale) => [sale.subscriptionCreated(), sale.checkoutCompleted()]);
    await Promise.all(others.map((event) => bridge.send(event)));
    const rows = await bridge.settled(...others);
    assert.deepEqual([...new Set(rows.map(({ status }) => status))], ["applied"]);
    assert.equal(bridge.sandbox.licenses().length, sales.length);
  });
});
