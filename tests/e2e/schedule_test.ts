// The schedule in the database and the function, as on the platform: what they tell each other.

import { strict as assert } from "node:assert";
import { createStripeShop } from "../../tools/stripe_sandbox/stripe_shop.ts";
import { eventually } from "../eventually.ts";
import { type Bridge, bridgeTest, cronSecret } from "./bridge.ts";

const settings = { SB_REGION: "eu-central-1" };
const price = { amount: 1900, interval: "month" } as const;

type Row = { function_url: string | null; drain_secret: string; rehearsal: boolean };

bridgeTest(
  "the database learns where the function is by itself",
  { settings },
  async (bridge, t) => {
    const shop = createStripeShop({ seed: 900, now: new Date() });
    const schedule = async () =>
      (await bridge.lite.query<Row>("select * from licensing.schedule"))[0] as Row;
    const announcements = () =>
      bridge.databaseCalls().filter((door) => door === "announce_function").length;
    const drain = (secret: string, url = bridge.function.url) =>
      fetch(`${url}/stripe-cryptlex/drain`, {
        method: "POST",
        headers: { authorization: `Bearer ${secret}` },
      });
    const status = async (response: Response) => {
      await response.body?.cancel();
      return response.status;
    };

    await t.step("the first request made it known, and events cost nothing more", async () => {
      // Whoever starts a function here asks for its health.
      await eventually(async () => (await schedule()).function_url !== null);
      assert.match(
        String((await schedule()).function_url),
        /^http:\/\/127\.0\.0\.1:\d+\/functions\/v1\/stripe-cryptlex$/,
      );
      await bridge.send(shop.other("product.created"), shop.other("product.updated"));
      assert.equal(announcements(), 1);
    });

    await t.step("the database's own secret drains, and no other but CRON_SECRET", async () => {
      const { drain_secret } = await schedule();
      assert.equal(await status(await drain(drain_secret)), 200);
      assert.equal(await status(await drain(cronSecret)), 200);
      assert.equal(await status(await drain(`${drain_secret}x`)), 401);
      assert.equal(announcements(), 1);
      assert.ok(!bridge.function.output().includes(drain_secret));
    });

    await t.step(
      "one that starts while the database is down makes itself known later",
      async () => {
        bridge.databaseDown(true);
        const another = await bridge.startAnother({ RECORD_ONLY: "true" });
        const health = () => fetch(`${another.url}/stripe-cryptlex/health`).then(status);
        assert.equal(await health(), 200);
        await eventually(() => another.output().includes('"action":"announce"'));
        assert.equal(await status(await drain((await schedule()).drain_secret, another.url)), 503);
        bridge.databaseDown(false);
        assert.equal(await health(), 200);
        await eventually(async () => (await schedule()).rehearsal);
      },
    );

    await t.step("drains that overlap, of several processes, make one license a sale", async () => {
      const another = await bridge.startAnother({});
      const sales = Array.from(
        { length: 8 },
        (_, n) => shop.subscribe({ email: `${n}@example.com`, price, startedAt: new Date() }),
      );
      bridge.sandbox.fault({
        method: "POST",
        path: /^\/v3\/users$/,
        kind: "status_before",
        status: 401,
        times: sales.length,
      });
      await bridge.send(...sales.map((sale) => sale.firstInvoicePaid()));
      await eventually(() => areBackedOff(bridge));
      for (const table of ["purchases", "stripe_events"]) {
        await bridge.lite.query(`update licensing.${table} set next_attempt_at = now()`);
      }
      const drains = Array.from(
        { length: 6 },
        (_, n) => drain(cronSecret, (n % 2 === 0 ? bridge.function : another).url),
      );
      let settled = 0;
      for (const response of await Promise.all(drains)) settled += (await response.json()).settled;
      assert.ok(settled <= sales.length, "no sale is settled twice");
      // On a busy machine a call may time out: then it is retried.
      await eventually(async () => {
        if (sales.every((sale) => bridge.usable(sale.id).length > 0)) return true;
        await (await drain(cronSecret, bridge.function.url)).body?.cancel();
        return false;
      });
      for (const sale of sales) assert.equal(bridge.usable(sale.id).length, 1);
      assert.equal(bridge.sandbox.licenses().length, sales.length);
    });
  },
);

/** Every pending event was tried and waits. */
async function areBackedOff(bridge: Bridge): Promise<boolean> {
  const [row] = await bridge.lite.query<{ n: number }>(
    "select count(*)::int as n from licensing.purchases where attempts = 0 or lease_token is not null",
  );
  return row?.n === 0;
}
