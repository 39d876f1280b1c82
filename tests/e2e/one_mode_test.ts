// A key of Stripe's says which mode is acted on: of an endpoint that is sent both, the other is
// recorded and ignored.

import { strict as assert } from "node:assert";
import { createStripeShop } from "../../tools/stripe_sandbox/stripe_shop.ts";
import { HOUR, later } from "../../tools/stripe_sandbox/unix_time.ts";
import { bridgeTest } from "./bridge.ts";

const price = { amount: 1900, interval: "month" } as const;
const now = new Date();
const ada = { email: "ada@example.com", name: "Ada" };

/** Stripe's API, of an account that has nothing. */
const asked: { path: string; authorization: string | null }[] = [];
const api = Deno.serve(
  { hostname: "127.0.0.1", port: 0, onListen: () => {} },
  (request) => {
    const authorization = request.headers.get("authorization");
    asked.push({ path: new URL(request.url).pathname, authorization });
    const error = { type: "invalid_request_error", code: "resource_missing", message: "No such" };
    return Response.json({ error }, { status: 404 });
  },
);
api.unref();

bridgeTest(
  "with a test mode key only test mode is acted on",
  {
    settings: {
      STRIPE_SECRET_KEY: "rk_test_51of0the0tests",
      STRIPE_API_BASE_URL: `http://127.0.0.1:${api.addr.port}`,
    },
  },
  async (bridge, t) => {
    await t.step("a live event is recorded and ignored, whatever it is about", async () => {
      const shop = createStripeShop({ seed: 1900, now, livemode: true });
      const customer = shop.customer(ada);
      const sale = shop.subscribe({ ...ada, customer, price, startedAt: now });
      const order = shop.buy({ ...ada, amount: 100, paymentStatus: "paid" });
      const events = [
        sale.checkoutCompleted(),
        sale.firstInvoicePaid(),
        sale.canceled({ at: later(now, HOUR) }),
        order.completed(),
        order.payment().refund({ at: later(now, HOUR) }).chargeRefunded(),
        customer.deleted(),
      ];
      await bridge.send(...events);
      for (const row of await bridge.rows(...events)) {
        assert.equal(row.status, "ignored");
        assert.match(row.outcome ?? "", /^live mode: this function acts on test mode only/);
      }
      assert.equal((await bridge.rows(...events)).length, events.length);
      assert.deepEqual(await bridge.drain(), { settled: 0, retrying: 0, parked: 0, pending: 0 });
      assert.deepEqual(bridge.sandbox.calls(), []);
      assert.deepEqual(asked, []);
      assert.deepEqual(await bridge.lite.query("select from licensing.purchases"), []);
    });

    await t.step("a test mode event is served, and Stripe asked with the key", async () => {
      const sale = createStripeShop({ seed: 1901, now })
        .subscribe({ ...ada, price, startedAt: now });
      await bridge.send(sale.firstInvoicePaid());
      await bridge.settled(sale.firstInvoicePaid());
      const snapshot = sale.updated({ at: later(now, HOUR), status: "unpaid" });
      await bridge.send(snapshot);
      await bridge.settled(snapshot);
      // What Stripe does not know is no information: the event's own word counts.
      assert.deepEqual(bridge.usable(sale.id).map(({ suspended }) => suspended), [true]);
      assert.ok(asked.length > 0);
      for (const { path, authorization } of asked) {
        assert.equal(path, `/v1/subscriptions/${sale.id}`);
        assert.equal(authorization, "Bearer rk_test_51of0the0tests");
      }
      assert.ok(!bridge.function.output().includes("rk_test_"));
    });
  },
);

bridgeTest("without a key both modes are acted on", {}, async (bridge) => {
  for (const livemode of [true, false]) {
    const sale = createStripeShop({ seed: 1902, now, livemode })
      .subscribe({ ...ada, price, startedAt: now });
    await bridge.send(sale.firstInvoicePaid());
    await bridge.settled(sale.firstInvoicePaid());
    assert.equal(bridge.usable(sale.id).length, 1);
  }
});
