// The main job over HTTP: who the license belongs to.

import { strict as assert } from "node:assert";
import { createStripeShop } from "../../tools/stripe_sandbox/stripe_shop.ts";
import { bridgeTest } from "./bridge.ts";

bridgeTest("the buyer becomes a Cryptlex user, or is one", {}, async (bridge, t) => {
  let seed = 300;
  const buy = (email: string | null, name: string | null) =>
    createStripeShop({ seed: seed++, now: new Date() })
      .buy({ email, name, amount: 100, paymentStatus: "paid" });
  const userOf = (stripeId: string) => bridge.usable(stripeId)[0]?.user;

  const names: readonly [string, string | null, string][] = [
    ["null", null, "null-name"],
    ["blank", "   ", "blank-name"],
    ["400 characters", "x".repeat(400), "x".repeat(256)],
    ["not ASCII", "Łukasz Żółć 李雷 🦊", "Łukasz Żółć 李雷 🦊"],
    ["a fox at the cut", `${"y".repeat(255)}🦊`, "y".repeat(255)],
    ["a NUL and half a character", "Ann\u0000\ud83e", "Ann\ufffd\ufffd"],
  ];
  for (const [kind, name, firstName] of names) {
    await t.step(`a name that is ${kind}`, async () => {
      const local = kind === "null" ? "null-name" : kind === "blank" ? "blank-name" : `n${seed}`;
      const order = buy(`${local}@example.com`, name);
      await bridge.send(order.completed());
      await bridge.settled(order.completed());
      assert.equal(userOf(order.id)?.firstName, firstName);
    });
  }

  await t.step("a user that exists in another case is used, untouched", async () => {
    const before = bridge.sandbox.seedUser({
      email: "Existing@Example.com",
      firstName: "Was Here",
    });
    const order = buy("existing@example.COM", "Somebody Else");
    await bridge.send(order.completed());
    await bridge.settled(order.completed());
    assert.equal(userOf(order.id)?.id, before.id);
    assert.equal(userOf(order.id)?.firstName, "Was Here");
    assert.equal(userOf(order.id)?.email, "Existing@Example.com");
  });

  await t.step("an order without an e-mail is parked, and says so", async () => {
    const order = buy(null, "No Address");
    await bridge.send(order.completed());
    const [row] = await bridge.settled(order.completed());
    assert.equal(row?.status, "parked");
    assert.match(row?.last_error ?? "", /no e-mail/);
    assert.equal(bridge.usable(order.id).length, 0);
  });

  await t.step(
    "customer.created makes the user before the sale, which then is one call",
    async () => {
      const shop = createStripeShop({ seed: seed++, now: new Date() });
      const customer = shop.customer({ email: "early@example.com", name: "Early Bird" });
      await bridge.send(customer.created());
      await bridge.settled(customer.created());
      bridge.forget();
      const sale = shop.subscribe({
        customer,
        email: "early@example.com",
        price: { amount: 100, interval: "month" },
        startedAt: new Date(),
      });
      await bridge.send(sale.checkoutCompleted());
      await bridge.settled(sale.checkoutCompleted());
      assert.deepEqual(
        bridge.sandbox.calls().map((call) => `${call.method} ${call.path}`),
        ["POST /v3/licenses"],
      );
      assert.equal(userOf(sale.id)?.firstName, "Early Bird");
    },
  );

  await t.step("a known user that is gone from Cryptlex is made anew", async () => {
    const shop = createStripeShop({ seed: seed++, now: new Date() });
    const customer = shop.customer({ email: "gone@example.com", name: "Gone Once" });
    await bridge.send(customer.created());
    await bridge.settled(customer.created());
    const user = bridge.sandbox.users().find((one) => one.email === "gone@example.com");
    await bridge.sandbox.fetch(`http://cryptlex/v3/users/${user?.id}`, {
      method: "DELETE",
      headers: { authorization: "Bearer sandbox-access-token" },
    });
    const order = shop.buy({
      customer,
      email: "gone@example.com",
      amount: 100,
      paymentStatus: "paid",
    });
    await bridge.send(order.completed());
    await bridge.settled(order.completed());
    assert.equal(bridge.usable(order.id).length, 1);
    assert.notEqual(userOf(order.id)?.id, user?.id);
  });
});

for (
  const [kind, switches] of [
    ["answered 400 instead of 409", { duplicateStatus: 400 }],
  ] as const
) {
  bridgeTest(`a taken e-mail ${kind}`, { sandbox: { switches } }, async (bridge) => {
    bridge.sandbox.seedUser({ email: "taken@example.com", firstName: "First" });
    const order = createStripeShop({ seed: 390, now: new Date() })
      .buy({ email: "Taken@example.com", name: "Second", amount: 100, paymentStatus: "paid" });
    await bridge.send(order.completed());
    await bridge.settled(order.completed());
    assert.equal(bridge.usable(order.id)[0]?.user?.firstName, "First");
  });
}
