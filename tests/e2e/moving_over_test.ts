// Moving over from Cryptlex's own script: its licenses are found, and a rehearsal calls nobody.

import { strict as assert } from "node:assert";
import { createStripeShop } from "../../tools/stripe_sandbox/stripe_shop.ts";
import { eventually } from "../eventually.ts";
import { bridgeTest, cronSecret, product } from "./bridge.ts";

const price = { amount: 1900, interval: "month" } as const;
const graceMs = 3 * 24 * 60 * 60 * 1000;
const day = 24 * 60 * 60 * 1000;

bridgeTest("licenses of Cryptlex's own script are adopted", {}, async (bridge, t) => {
  let seed = 600;
  const subscribe = (startedAt: Date) =>
    createStripeShop({ seed: seed++, now: startedAt })
      .subscribe({ email: `old-${seed}@example.com`, name: "Old Hand", price, startedAt });
  const seedLicense = (key: string, value: string, expiresAt: Date) =>
    bridge.sandbox.seedLicense({
      productId: product.id,
      expiresAt: expiresAt.toISOString(),
      subscriptionInterval: "P1M",
      metadata: [{ key, value, viewPermissions: [] }],
    });

  for (const key of ["stripe_subscription_id", "SUBSCRIPTION_ID_KEY", "subscription_id"]) {
    await t.step(`found under ${key}, a renewal renews it`, async () => {
      const sale = subscribe(new Date("2026-09-15T10:00:00Z"));
      const old = seedLicense(key, sale.id, sale.periodEnd(0));
      await bridge.send(sale.renewalPaid(1));
      await bridge.settled(sale.renewalPaid(1));
      const licenses = bridge.usable(sale.id);
      assert.deepEqual(licenses.map((one) => one.id), [old.id]);
      assert.equal(
        Date.parse(licenses[0]?.expiresAt ?? ""),
        sale.periodEnd(1).getTime() + graceMs,
      );
    });
  }

  await t.step("one the script renewed already is not renewed twice", async () => {
    const sale = subscribe(new Date("2026-09-15T10:00:00Z"));
    seedLicense("stripe_subscription_id", sale.id, sale.periodEnd(1));
    await bridge.send(sale.renewalPaid(1));
    await bridge.settled(sale.renewalPaid(1));
    assert.equal(
      Date.parse(bridge.usable(sale.id)[0]?.expiresAt ?? ""),
      sale.periodEnd(1).getTime() + graceMs,
    );
  });

  await t.step("one that lasts longer than paid for keeps its date", async () => {
    const sale = subscribe(new Date("2026-09-15T10:00:00Z"));
    const generous = new Date("2031-01-01T00:00:00Z");
    seedLicense("stripe_subscription_id", sale.id, generous);
    await bridge.send(sale.renewalPaid(1));
    await bridge.settled(sale.renewalPaid(1));
    assert.equal(Date.parse(bridge.usable(sale.id)[0]?.expiresAt ?? ""), generous.getTime());
  });

  await t.step("doubles the script made are kept in step, and reported", async () => {
    const sale = subscribe(new Date("2026-09-15T10:00:00Z"));
    seedLicense("stripe_subscription_id", sale.id, sale.periodEnd(0));
    seedLicense("stripe_subscription_id", sale.id, sale.periodEnd(0));
    await bridge.send(sale.renewalPaid(1));
    const [row] = await bridge.settled(sale.renewalPaid(1));
    assert.match(row?.outcome ?? "", /2 licenses stand for one purchase/);
    for (const license of bridge.usable(sale.id)) {
      assert.equal(Date.parse(license.expiresAt ?? ""), sale.periodEnd(1).getTime() + graceMs);
    }
  });

  await t.step("the script's subscription_empty is nobody's", async () => {
    const stranger = seedLicense("stripe_subscription_id", "subscription_empty", new Date());
    const sale = subscribe(new Date("2026-09-15T10:00:00Z"));
    await bridge.send(sale.renewalPaid(1));
    await bridge.settled(sale.renewalPaid(1));
    assert.equal(bridge.usable(sale.id).length, 1);
    assert.notEqual(bridge.usable(sale.id)[0]?.id, stranger.id);
    const after = bridge.sandbox.licenses().find((one) => one.id === stranger.id);
    assert.equal(after?.expiresAt, stranger.expiresAt);
  });

  await t.step("an id under a key that means something else is not a match", async () => {
    const sale = subscribe(new Date("2026-09-15T10:00:00Z"));
    const note = seedLicense("see_also", sale.id, new Date("2026-12-01T00:00:00Z"));
    await bridge.send(sale.renewalPaid(1));
    await bridge.settled(sale.renewalPaid(1));
    assert.equal(bridge.usable(sale.id).filter((one) => one.id !== note.id).length, 1);
  });

  await t.step("a one-time order the script served is not served again", async () => {
    const order = createStripeShop({ seed: seed++, now: new Date(Date.now() - day) })
      .buy({ email: "once@example.com", amount: 100, paymentStatus: "paid" });
    seedLicense("stripe_transaction_id", order.id, new Date("2027-01-01T00:00:00Z"));
    await bridge.send(order.completed());
    await bridge.settled(order.completed());
    assert.equal(bridge.usable(order.id).length, 1);
  });
});

bridgeTest(
  "a rehearsal records and decides, and calls nobody",
  { settings: { RECORD_ONLY: "true" } },
  async (bridge, t) => {
    const shop = createStripeShop({ seed: 700, now: new Date() });
    const sale = shop.subscribe({ email: "r@example.com", price, startedAt: new Date() });
    const served = shop.subscribe({ email: "s@example.com", price, startedAt: new Date() });

    await t.step("its events stay pending, saying what would be done", async () => {
      await bridge.send(sale.firstInvoicePaid(), served.firstInvoicePaid());
      const ids = [sale.firstInvoicePaid(), served.firstInvoicePaid()];
      let rows = await bridge.rows(...ids);
      await eventually(async () => (rows = await bridge.rows(...ids)).every((row) => row.held));
      for (const row of rows) {
        assert.equal(row.status, "pending");
        assert.match(
          row.outcome ?? "",
          /would make sure of a license of product product-app, until/,
        );
      }
      assert.equal(bridge.sandbox.calls().length, 0);
      assert.deepEqual(await bridge.drain(), { settled: 0, retrying: 0, parked: 0, pending: 0 });
    });

    await t.step("once it is over they are worked off, reading first", async () => {
      bridge.sandbox.seedLicense({
        productId: product.id,
        expiresAt: served.periodEnd(0).toISOString(),
        metadata: [{ key: "stripe_subscription_id", value: served.id, viewPermissions: [] }],
      });
      const real = await bridge.startAnother({ RECORD_ONLY: "false" });
      const response = await fetch(`${real.url}/stripe-cryptlex/drain`, {
        method: "POST",
        headers: { authorization: `Bearer ${cronSecret}` },
      });
      assert.deepEqual(await response.json(), { settled: 2, retrying: 0, parked: 0, pending: 0 });
      assert.equal(bridge.usable(sale.id).length, 1);
      assert.equal(bridge.usable(served.id).length, 1);
    });
  },
);
