// What is known of a buyer beyond an e-mail and a name, and a buyer whose e-mail comes late.

import { strict as assert } from "node:assert";
import { createStripeShop } from "../../tools/stripe_sandbox/stripe_shop.ts";
import { later } from "../../tools/stripe_sandbox/unix_time.ts";
import { bridgeTest } from "./bridge.ts";

const price = { amount: 1900, interval: "month" } as const;
const now = new Date();

bridgeTest("a buyer's business, and an e-mail that comes late", {}, async (bridge, t) => {
  await t.step("the business's name becomes the user's company", async () => {
    const order = createStripeShop({ seed: 1700, now }).buy({
      email: "ann@acme.example",
      name: "ACME Ltd.",
      businessName: "ACME Ltd.",
      individualName: "Ann Archer",
      amount: 100,
      paymentStatus: "paid",
    });
    await bridge.send(order.completed());
    await bridge.settled(order.completed());
    const user = bridge.usable(order.id)[0]?.user;
    assert.deepEqual([user?.company, user?.firstName], ["ACME Ltd.", "Ann Archer"]);
  });

  await t.step("one without a business has no company", async () => {
    const order = createStripeShop({ seed: 1701, now })
      .buy({ email: "bob@example.com", name: "Bob", amount: 100, paymentStatus: "paid" });
    await bridge.send(order.completed());
    await bridge.settled(order.completed());
    assert.equal(bridge.usable(order.id)[0]?.user?.company, null);
  });

  await t.step("a sale without an e-mail waits, and is licensed once there is one", async () => {
    const shop = createStripeShop({ seed: 1702, now });
    const customer = shop.customer({ email: null, name: "Cleo Cooper" });
    const sale = shop.subscribe({ customer, price, startedAt: now });
    await bridge.send(sale.firstInvoicePaid());
    const [parked] = await bridge.settled(sale.firstInvoicePaid());
    assert.equal(parked?.status, "parked");
    assert.match(parked.last_error ?? "", /Stripe gave no e-mail address of the buyer/);

    const updated = customer.updated({ at: later(now, 60), email: "cleo@example.com" });
    await bridge.send(updated);
    const rows = await bridge.settled(sale.firstInvoicePaid(), updated);
    assert.deepEqual(rows.map(({ status, last_error }) => [status, last_error]), [
      ["applied", null],
      ["applied", null],
    ]);
    const [license, ...more] = bridge.usable(sale.id);
    assert.deepEqual(more, []);
    assert.equal(license?.user?.email, "cleo@example.com");
    assert.equal(license.user.firstName, "Cleo Cooper");
  });
});
