// A customer deleted in Stripe is forgotten on a real PostgreSQL, and stays so whatever comes later.

import { strict as assert } from "node:assert";
import { merge, nothing } from "../../functions/stripe-cryptlex/purchase.ts";
import { createStripeShop } from "../../tools/stripe_sandbox/stripe_shop.ts";
import { mentions } from "../personal_data.ts";
import { applied, claimOf, databaseTest, failed, received } from "./ledger_database.ts";

const start = new Date("2026-06-01T00:00:00Z");
const ada = { email: "ada@example.com", name: "Ada Lovelace" };
const words = [ada.email, "Lovelace"];
const month = { amount: 1900, interval: "month" } as const;

databaseTest("a customer deleted in Stripe is forgotten", async (db, t) => {
  const ledger = db.ledger(start);
  const found = () => mentions((sql, parameters) => db.sql.unsafe(sql, parameters), words);
  const eventRow = async (id: string) =>
    (await db.sql`select status, outcome, last_error, payload, customer_id, purchase_id
      from licensing.stripe_events where event_id = ${id}`)[0];
  let seed = 1;
  const shopOf = () => createStripeShop({ seed: seed++ });
  const settleAll = async (answer: Parameters<typeof claimOf>[0]) => {
    const claim = claimOf(answer);
    const state = claim.states.reduce(merge, nothing);
    return await ledger.settle(claim, applied(claim, { state }));
  };

  await t.step("name, e-mail and payloads go; the links and everybody else stay", async () => {
    const shop = shopOf();
    const customer = shop.customer(ada);
    const bob = shop.subscribe({ email: "bob@example.com", name: "Bob", price: month });
    const sale = shop.subscribe({ ...ada, customer, price: month });
    const claim = claimOf(await ledger.record(received(sale.checkoutCompleted())));
    const customers = [{
      stripeCustomerId: customer.id,
      userId: "user-1",
      userMadeByUs: true,
      wroteName: ada.name,
    }];
    const state = claim.states.reduce(merge);
    await ledger.settle(claim, applied(claim, { state, customers }));
    await settleAll(await ledger.record(received(bob.checkoutCompleted())));
    await settleAll(await ledger.record(received(customer.created())));
    const { name, email, id } = customer;
    const ignored = shop.other("customer.source.created", { customer: id, owner: { name, email } });
    const unreadable = shop.other("invoice.paid", { customer: id, customer_email: email });
    for (const event of [ignored, unreadable]) await ledger.record(received(event));
    assert.deepEqual(await found(), [
      "licensing.customers: 1",
      "licensing.purchases: 2",
      "licensing.stripe_events: 4",
    ]);

    const deleted = claimOf(await ledger.record(received(customer.deleted())));
    assert.equal(deleted.purchaseId, customer.id);
    assert.deepEqual(await found(), []);
    assert.equal((await eventRow(ignored.id))?.["status"], "ignored");
    assert.match((await eventRow(unreadable.id))?.["last_error"], /is erased with its customer$/);
    assert.deepEqual([deleted.customer?.userId, deleted.customer?.wroteName], ["user-1", null]);
    await settleAll({ claim: deleted });
    const kept = await db.sql`select count(*)::integer as events from licensing.stripe_events
      where payload is not null`;
    assert.equal(kept[0]?.["events"], 1);
    const [bobs] = await db
      .sql`select state from licensing.purchases where purchase_id = ${bob.id}`;
    assert.equal(bobs?.["state"][0].email.value, "bob@example.com");
  });

  await t.step("a worker that had read the e-mail before does not write it back", async () => {
    const sale = shopOf().subscribe({ ...ada, price: month });
    const held = claimOf(await ledger.record(received(sale.checkoutCompleted())));
    await ledger.record(received(sale.customer.deleted()));
    const late = held.states.reduce(merge);
    assert.equal(late.email?.value, ada.email);
    const { id: stripeCustomerId } = sale.customer;
    const customers = [
      { stripeCustomerId, userId: "user-2", userMadeByUs: true, wroteName: ada.name },
    ];
    await ledger.settle(held, failed(held, { state: late, customers }));
    assert.deepEqual(await found(), []);
    const next = claimOf(await ledger.record(received(sale.firstInvoicePaid())));
    assert.equal(next.states.reduce(merge).email, null);
    assert.equal(next.states.reduce(merge).erased, true);
    await settleAll({ claim: next });
    assert.deepEqual(await found(), []);
  });

  await t.step("what comes after it, late or again, brings nothing back", async () => {
    const shop = shopOf();
    const customer = shop.customer(ada);
    const { id, name, email } = customer;
    const sale = shop.subscribe({ ...ada, customer, price: month });
    await settleAll(await ledger.record(received(sale.firstInvoicePaid())));
    const separate = { ...customer.deleted(), id: "evt_another" };
    for (const event of [customer.deleted(), separate]) {
      await settleAll(await ledger.record(received(event)));
    }
    const again = await ledger.record(received(sale.firstInvoicePaid()));
    assert.deepEqual(again, { duplicate: true, claim: null, left: null });
    const updated = customer.updated({ businessName: "Lovelace Ltd", at: new Date() });
    const later = [sale.checkoutCompleted(), customer.created(), updated, sale.renewalPaid(1)];
    for (const event of later) {
      const claim = claimOf(await ledger.record(received(event)));
      const { erased, name, email, company } = claim.states.reduce(merge);
      assert.deepEqual([erased, name, email, company], [true, null, null, null]);
      await settleAll({ claim });
    }
    const source = { customer: id, owner: { name, email } };
    await ledger.record(received(shop.other("customer.source.created", source)));
    await ledger.record(
      received(shop.other("invoice.paid", { customer: id, customer_email: email })),
    );
    const order = shop.buy({ ...ada, customer, amount: 100, paymentStatus: "paid" });
    await settleAll(await ledger.record(received(order.completed())));
    assert.deepEqual(await found(), []);
  });

  await t.step(
    "an event of an erased purchase that names no customer keeps no payload",
    async () => {
      const sale = shopOf().subscribe({ ...ada, price: month });
      await settleAll(await ledger.record(received(sale.customer.deleted())));
      await settleAll(await ledger.record(received(sale.checkoutCompleted())));
      const invoice = received(sale.firstInvoicePaid());
      const { reading } = invoice;
      assert.equal(reading.kind, "facts");
      await settleAll(
        await ledger.record({
          ...invoice,
          head: { ...invoice.head, customerId: null },
          reading: { ...reading, customerId: null },
        }),
      );
      assert.equal((await eventRow(invoice.head.eventId))?.["payload"], null);
      assert.deepEqual(await found(), []);
    },
  );

  await t.step("nor do events of one that proves to be part of an erased purchase", async () => {
    const sale = shopOf().subscribe({ ...ada, price: month });
    const nameless = (event: unknown, stripeIds: readonly string[]) => {
      const { head, reading, payload } = received(event);
      assert.equal(reading.kind, "facts");
      return {
        head: { ...head, customerId: null },
        reading: { ...reading, stripeIds, customerId: null },
        payload,
      };
    };
    const invoice = nameless(sale.firstInvoicePaid(), ["in_apart"]);
    await settleAll(await ledger.record(invoice));
    await settleAll(await ledger.record(received(sale.checkoutCompleted())));
    await settleAll(await ledger.record(received(sale.customer.deleted())));
    await settleAll(await ledger.record(nameless(sale.renewalPaid(1), [sale.id, "in_apart"])));
    assert.equal((await eventRow(invoice.head.eventId))?.["payload"], null);
    assert.deepEqual(await found(), []);
  });

  await t.step("what was to be read again and is erased is left to a person", async () => {
    const shop = shopOf();
    const customer = shop.customer(ada);
    const unreadable = shop.other("invoice.paid", { customer: customer.id, ...ada });
    await ledger.record(received(unreadable));
    const replay = () =>
      db.sql`update licensing.stripe_events set status = 'pending'
        where event_id = ${unreadable.id}`;
    await replay();
    await settleAll(await ledger.record(received(customer.deleted())));
    const row = await eventRow(unreadable.id);
    assert.deepEqual([row?.["status"], row?.["payload"]], ["parked", null]);
    await assert.rejects(replay(), { constraint_name: "pending_can_be_worked_on" });
    const [stuck] = await db.sql`select what_to_do from licensing.stuck
      where event_id = ${unreadable.id}`;
    assert.match(stuck?.["what_to_do"], /^resend it from Stripe/);
    const resent = shop.invoice({ ...ada, customer, lines: [{ amount: 100 }] }).paid();
    await settleAll(await ledger.record(received({ ...resent, id: unreadable.id })));
    assert.equal((await eventRow(unreadable.id))?.["status"], "applied");
    assert.deepEqual(await found(), []);
  });

  await t.step(
    "an event found to be an erased customer's when it is read again loses its payload",
    async () => {
      const shop = shopOf();
      const customer = shop.customer(ada);
      const event = received(shop.other("invoice.paid", { customer: customer.id, ...ada }));
      await ledger.record({ ...event, head: { ...event.head, customerId: null } });
      await settleAll(await ledger.record(received(customer.deleted())));
      await db.sql`update licensing.stripe_events set status = 'pending'
      where event_id = ${event.head.eventId}`;
      await ledger.record({ ...event, reading: { kind: "ignored", reason: "says nothing" } });
      const row = await eventRow(event.head.eventId);
      assert.deepEqual([row?.["payload"], row?.["customer_id"]], [null, customer.id]);
      assert.deepEqual(await found(), []);
    },
  );

  await t.step("the deletion asked for again needs no payload", async () => {
    const customer = shopOf().customer(ada);
    const deleted = customer.deleted();
    await settleAll(await ledger.record(received(deleted)));
    await db.sql`update licensing.stripe_events set status = 'pending'
      where event_id = ${deleted.id}`;
    await settleAll(await ledger.claimDue({ ignoreBackoff: false }));
    assert.equal((await eventRow(deleted.id))?.["status"], "applied");
  });

  await t.step("a guest, who is no customer, is erased by hand the same way", async () => {
    const order = shopOf().buy({ ...ada, amount: 100, paymentStatus: "paid" });
    await settleAll(await ledger.record(received(order.completed())));
    assert.equal((await found()).length, 2);
    await db.sql`update licensing.purchases set state = state || '[{"erased": true}]'
      where purchase_id = ${order.id}`;
    await db.sql`update licensing.stripe_events set payload = null
      where purchase_id = ${order.id}`;
    assert.deepEqual(await found(), []);
    await db.sql`update licensing.stripe_events set status = 'pending'
      where purchase_id = ${order.id}`;
    const claim = claimOf(await ledger.claimDue({ ignoreBackoff: false }));
    assert.equal(claim.states.reduce(merge).erased, true);
    await settleAll({ claim });
  });
});
