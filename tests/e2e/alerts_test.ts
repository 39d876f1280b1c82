// Somebody is told what is stuck: the real process, and a webhook on loopback.

import { strict as assert } from "node:assert";
import { createStripeShop } from "../../tools/stripe_sandbox/stripe_shop.ts";
import { serveAlertWebhook } from "./alert_webhook.ts";
import { bridgeTest } from "./bridge.ts";

const webhook = serveAlertWebhook();
const settings = { ALERT_WEBHOOK_URL: webhook.url };

bridgeTest("what needs a person is told to one", { settings }, async (bridge, t) => {
  const shop = createStripeShop({ seed: 900, now: new Date() });
  const price = { amount: 1900, interval: "month" } as const;
  const email = "ada@example.com";
  const name = "Ada Lovelace";
  const unreadable = () => {
    const event = shop.subscribe({ email, name, price }).firstInvoicePaid();
    delete event.data.object["lines"];
    return event;
  };
  /** A purchase Cryptlex refuses, as long as nobody mends its metadata. */
  const refused = () =>
    shop.buy({
      email,
      name,
      amount: 100,
      paymentStatus: "paid",
      metadata: { CRYPTLEX_PRODUCT_ID: "no-such-product" },
    });
  const passPause = () =>
    bridge.lite.query("update licensing.alert_turn set quiet_until = now() - interval '1 s'");
  const untold = async () =>
    (await bridge.lite.query<{ event_id: string }>(
      "select event_id from licensing.alerts order by alert_id",
    )).map((row) => row.event_id);

  try {
    await t.step("an event that could not be read is told of at once", async () => {
      const event = unreadable();
      await bridge.send(event);
      const [text] = await webhook.arrived(1);
      assert.match(text ?? "", /an event is parked/);
      assert.match(text ?? "", new RegExp(`${event.id}, invoice\\.paid, no purchase: .*lines`));
    });

    await t.step("what parks soon after waits, and is then one message of many", async () => {
      const orders = Array.from({ length: 7 }, () => refused().completed());
      await bridge.send(...orders);
      const rows = await bridge.settled(...orders);
      assert.ok(rows.every((row) => row.status === "parked"));
      await bridge.drain();
      assert.equal(webhook.texts().length, 1);
      assert.deepEqual((await untold()).sort(), orders.map((order) => order.id).sort());

      await passPause();
      await bridge.drain();
      const text = (await webhook.arrived(2))[1] ?? "";
      assert.match(text, /7 events are parked/);
      assert.match(text, /and 2 more/);
      const told = orders.filter((order) => text.includes(order.id));
      assert.equal(told.length, 5);
      for (const { id } of told) {
        const row = rows.find((one) => one.event_id === id);
        assert.ok(text.includes(`${id}, checkout.session.completed, ${row?.purchase_id}: `), text);
        assert.ok(text.includes("Cryptlex refused POST /v3/licenses with 4"), text);
      }
    });

    await t.step("a webhook that fails disturbs nothing, and is tried again later", async () => {
      await passPause();
      webhook.answer(500);
      const order = refused().completed();
      const sale = shop.subscribe({ email, price, startedAt: new Date() });
      await bridge.send(order, sale.firstInvoicePaid());
      await bridge.settled(order, sale.firstInvoicePaid());
      assert.equal(bridge.usable(sale.id).length, 1);
      while (webhook.refused() === 0) await new Promise((resolve) => setTimeout(resolve, 20));
      assert.equal(webhook.texts().length, 2);

      webhook.answer(200);
      await passPause();
      await bridge.drain();
      assert.match((await webhook.arrived(3))[2] ?? "", new RegExp(order.id));
    });

    await t.step("events that wait for over an hour are told of", async () => {
      await passPause();
      for (let call = 0; call < 2; call++) {
        bridge.sandbox.fault({
          kind: "status_before",
          status: 503,
          method: "POST",
          path: /\/v3\/users$/,
        });
      }
      const event = shop.customer({ email: "late@example.com", name }).created();
      await bridge.send(event);
      await bridge.lite.query(
        "update licensing.stripe_events set received_at = received_at - interval '61 min' where event_id = $1",
        [event.id],
      );
      await bridge.drain();
      const text = (await webhook.arrived(4))[3] ?? "";
      assert.match(text, /an event waits for over an hour/);
      assert.ok(text.includes(event.id), text);
      await passPause();
      await bridge.settled(event);
      await bridge.drain();
      assert.equal(webhook.texts().length, 4);
    });

    await t.step("no text has an address or a name in it, no log the webhook's secret", () => {
      assert.doesNotMatch(webhook.texts().join("\n"), /@|ada|lovelace|example/i);
      assert.match(bridge.function.output(), /Cannot post to ALERT_WEBHOOK_URL: status 500/);
      assert.ok(!bridge.function.output().includes(webhook.secret));
    });
  } finally {
    await webhook.shutdown();
  }
});
