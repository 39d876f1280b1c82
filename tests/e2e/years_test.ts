// Years over HTTP: a buyer is forgotten, old events are pruned, and licenses are as they were.

import { strict as assert } from "node:assert";
import { createStripeShop } from "../../tools/stripe_sandbox/stripe_shop.ts";
import { mentions } from "../personal_data.ts";
import { bridgeTest } from "./bridge.ts";

const price = { amount: 1900, interval: "month" } as const;
const ada = { email: "ada.lovelace@example.com", name: "Ada Byron" };
const words = [ada.email, "Lovelace", "Byron"];

bridgeTest(
  "a buyer deleted in Stripe is forgotten, and keeps the license",
  {},
  async (bridge, t) => {
    const found = () => mentions((sql, parameters) => bridge.lite.query(sql, parameters), words);
    let seed = 1300;
    const shopOf = () => createStripeShop({ seed: seed++, now: new Date() });

    const shop = shopOf();
    const customer = shop.customer(ada);
    const sale = shop.subscribe({ ...ada, customer, price, startedAt: new Date() });

    await t.step("name, e-mail and payloads go, wherever they were", async () => {
      const { id } = customer;
      const events = [
        customer.created(),
        sale.checkoutCompleted(),
        shop.other("customer.updated", { id, ...ada }),
        shop.other("invoice.paid", { customer: id, customer_email: ada.email }),
      ];
      await bridge.send(...events);
      await bridge.settled(...events);
      const [before] = bridge.usable(sale.id);
      assert.ok(before !== undefined);
      assert.notDeepEqual(await found(), []);

      await bridge.send(customer.deleted());
      const [row] = await bridge.settled(customer.deleted());
      assert.equal(row?.status, "applied");
      assert.equal(
        row.outcome,
        `name, e-mail and payloads of ${id} erased; licenses are untouched`,
      );
      assert.deepEqual(await found(), []);
      assert.deepEqual(bridge.usable(sale.id), [before]);
    });

    await t.step(
      "an older event that comes late does its work, and brings nothing back",
      async () => {
        const invoice = sale.firstInvoicePaid();
        await bridge.send(invoice, sale.checkoutCompleted());
        const [row] = await bridge.settled(invoice);
        assert.equal(row?.status, "applied");
        const lasts = Date.parse(bridge.usable(sale.id)[0]?.expiresAt ?? "");
        assert.ok(lasts > sale.periodEnd(0).getTime());
        assert.deepEqual(await found(), []);
      },
    );

    await t.step("an erased buyer's purchase without a user waits for a person", async () => {
      const unserved = shopOf().buy({
        ...ada,
        customer: shopOf().customer(ada),
        amount: 100,
        paymentStatus: "paid",
      });
      const deleted = unserved.customer?.deleted();
      assert.ok(deleted !== undefined);
      bridge.sandbox.fault({ kind: "status_before", status: 503, method: "POST", path: /users$/ });
      await bridge.send(unserved.completed(), deleted);
      const rows = await bridge.settled(unserved.completed(), deleted);
      const parked = rows.find((row) => row.event_id === unserved.completed().id);
      assert.equal(parked?.status, "parked");
      assert.match(parked.last_error ?? "", /the buyer was deleted in Stripe/);
      assert.deepEqual(await found(), []);
    });

    await t.step("no log line ever told who it was", () => {
      const output = bridge.function.output();
      assert.ok(output.includes(sale.id));
      for (const word of words) assert.ok(!output.includes(word), word);
    });
  },
);

bridgeTest("a pruned event that is delivered again finds all as it must be", {}, async (bridge) => {
  const shop = createStripeShop({ seed: 1390, now: new Date() });
  const sale = shop.subscribe({ ...ada, price, startedAt: new Date() });
  const order = shop.buy({ ...ada, amount: 100, paymentStatus: "paid" });
  const events = [
    shop.customer({ email: "early@example.com" }).created(),
    sale.checkoutCompleted(),
    sale.firstInvoicePaid(),
    sale.renewalPaid(1),
    order.completed(),
    shop.other("product.created"),
  ];
  for (const event of events) {
    await bridge.send(event);
    await bridge.settled(event);
  }
  const before = bridge.sandbox.licenses();
  await bridge.lite.query("select licensing.prune(now() + interval '500 days')");
  assert.deepEqual(await bridge.rows(...events), []);

  bridge.forget();
  for (const event of events.toReversed()) {
    await bridge.send(event);
    const [row] = await bridge.settled(event);
    assert.equal(row?.last_error, null);
    assert.match(row.outcome ?? "", /nothing to do|is a user|says nothing/);
  }
  assert.deepEqual(bridge.sandbox.calls(), []);
  assert.deepEqual(bridge.sandbox.licenses(), before);
});
