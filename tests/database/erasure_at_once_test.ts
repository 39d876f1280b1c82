// A customer is deleted in Stripe while everybody is at work on its purchases.

import { strict as assert } from "node:assert";
import type { Claim } from "../../functions/stripe-cryptlex/claim.ts";
import { merge } from "../../functions/stripe-cryptlex/purchase.ts";
import { createStripeShop } from "../../tools/stripe_sandbox/stripe_shop.ts";
import { mentions } from "../personal_data.ts";
import {
  applied,
  claimOf,
  databaseTest,
  type LedgerDatabase,
  received,
} from "./ledger_database.ts";
import { locked, waiting } from "./locks.ts";

const start = new Date("2026-06-01T00:00:00Z");
const later = (seconds: number) => new Date(start.getTime() + seconds * 1000);
const ada = { email: "ada@example.com", name: "Ada Lovelace" };
const month = { amount: 1900, interval: "month" } as const;

const found = ({ sql }: LedgerDatabase) =>
  mentions((statement, parameters) => sql.unsafe(statement, parameters), [ada.email, "Lovelace"]);

/** As a worker settles what it has merged. */
const done = (claim: Claim) => applied(claim, { state: claim.states.reduce(merge) });

databaseTest("whoever is at work on a customer's purchases, an erasure is whole", async (db, t) => {
  await t.step("an erasure waits for what is being recorded of its customer", async () => {
    const ledger = db.ledger(start);
    const shop = createStripeShop({ seed: 101 });
    const customer = shop.customer(ada);
    const sale = shop.subscribe({ ...ada, customer, price: month });
    const link = `insert into licensing.purchase_links values ('${sale.id}', '${sale.id}')`;
    await locked(db.sql, link, async (letGo) => {
      const session = ledger.record(received(sale.checkoutCompleted()));
      await waiting(db.sql, 1);
      const erasure = ledger.record(received(customer.deleted()));
      await waiting(db.sql, 2);
      // And who comes after an erasure that waits, waits for it.
      const renewal = ledger.record(received(sale.renewalPaid(1)));
      await waiting(db.sql, 3);
      await letGo();
      const claim = claimOf(await session);
      await Promise.all([erasure, renewal]);
      assert.deepEqual(await found(db), []);
      await ledger.settle(claim, done(claim));
      assert.deepEqual(await found(db), []);
    });
  });

  await t.step("an erasure follows a purchase that is joined meanwhile", async () => {
    const ledger = db.ledger(start);
    const shop = createStripeShop({ seed: 102 });
    const customer = shop.customer(ada);
    const order = shop.buy({ ...ada, amount: 100, paymentStatus: "paid" });
    await ledger.settle(...settling(await ledger.record(received(order.completed()))));
    const written = shop.invoice({ ...ada, customer, lines: [{ amount: 100 }] });
    await ledger.settle(...settling(await ledger.record(received(written.paid()))));

    // It names no customer, so that it does not wait with the customer's other events.
    const joining = received(shop.buy({ ...ada, amount: 1, paymentStatus: "paid" }).completed());
    assert.equal(joining.reading.kind, "facts");
    const reading = { ...joining.reading, stripeIds: [order.id, written.id] };
    const row = `select from licensing.purchases where purchase_id = '${order.id}' for update`;
    await locked(db.sql, row, async (letGo) => {
      const join = ledger.record({ ...joining, reading });
      await waiting(db.sql, 1);
      const erasure = ledger.record(received(customer.deleted()));
      await waiting(db.sql, 2);
      await letGo();
      const claim = claimOf(await join);
      assert.deepEqual(claim.joinedIds, [written.id]);
      await erasure;
      await ledger.settle(claim, done(claim));
      assert.deepEqual(await found(db), []);
    });
  });

  await t.step("erasures, records, settles and drains never wait in a circle", async () => {
    for (let round = 0; round < 15; round++) {
      const ledger = db.ledger(later(round));
      const shop = createStripeShop({ seed: round + 1 });
      const customer = shop.customer(ada);
      const sales = Array.from(
        { length: 4 },
        () => shop.subscribe({ ...ada, customer, price: month }),
      );
      const orders = Array.from(
        { length: 4 },
        () => shop.buy({ ...ada, customer, amount: 100, paymentStatus: "paid", withInvoice: true }),
      );
      const held = [];
      for (const event of [customer.created(), ...sales.map((sale) => sale.checkoutCompleted())]) {
        held.push(claimOf(await ledger.record(received(event))));
      }
      for (const order of orders) {
        held.push(claimOf(await ledger.record(received(order.invoicePaid()))));
      }
      const separate = { ...customer.deleted(), id: `evt_separate${round}` };
      const [settled, recorded, drained] = await Promise.all([
        Promise.all(held.map((claim) => ledger.settle(claim, done(claim), { takes: "others" }))),
        Promise.all([
          customer.deleted(),
          ...sales.map((sale) => sale.firstInvoicePaid()),
          ...orders.map((order) => order.completed()),
          separate,
        ].map((event) => ledger.record(received(event)))),
        Promise.all([1, 2, 3].map(() => ledger.claimDue({ ignoreBackoff: true }))),
      ]);
      const claims = [...settled, ...recorded, ...drained].flatMap(({ claim }) => claim ?? []);
      for (let claim = claims.shift(); claim !== undefined; claim = claims.shift()) {
        const { claim: more } = await ledger.settle(claim, done(claim));
        if (more !== null) claims.push(more);
      }
    }
    const rest = db.ledger(later(1000));
    for (;;) {
      const { claim } = await rest.claimDue({ ignoreBackoff: true });
      if (claim === null) break;
      await rest.settle(claim, done(claim));
    }
    assert.equal((await rest.health()).pending, 0);
    assert.deepEqual(await found(db), []);
  });

  await t.step("nor does one that meets a replay of what could not be read", async () => {
    const ledger = db.ledger(later(2000));
    for (let round = 0; round < 10; round++) {
      const customer = createStripeShop({ seed: 201 + round }).customer(ada);
      const ids = Array.from({ length: 60 }, (_, n) => `evt_unread${round}_${(n * 23) % 60}`);
      for (const id of ids) {
        const unreadable = { ...customer.deleted(), id, type: "invoice.paid" };
        await ledger.record(received(unreadable));
      }
      const [, replay] = await Promise.all([
        ledger.record(received(customer.deleted())).then(({ claim }) =>
          claim === null ? null : ledger.settle(claim, done(claim))
        ),
        db.client.rpc("replay_stripe_events", { request: JSON.stringify({ event_ids: ids }) }),
      ]);
      assert.equal(replay.error, null);
    }
    assert.equal((await ledger.health()).pending, 0);
    assert.deepEqual(await found(db), []);
  });
});

function settling(answer: { claim: Claim | null }) {
  const claim = claimOf(answer);
  return [claim, done(claim)] as const;
}
