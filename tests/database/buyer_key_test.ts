// Whose licenses a checkout session may be shown, on a real PostgreSQL: only paid, only for a day, only
// so often, and nobody else's.

import { strict as assert } from "node:assert";
import type { KnownLicense } from "../../functions/stripe-cryptlex/known_license.ts";
import type { CallRate, KeyClaim, Settlement } from "../../functions/stripe-cryptlex/ledger.ts";
import { merge, nothing } from "../../functions/stripe-cryptlex/purchase.ts";
import { createStripeShop } from "../../tools/stripe_sandbox/stripe_shop.ts";
import { knownLicense, licenseFields } from "../stripe-cryptlex/builders/known_license.ts";
import {
  applied,
  claimOf,
  databaseTest,
  failed,
  type LedgerDatabase,
  parked,
  received,
} from "./ledger_database.ts";

const start = new Date("2026-06-01T00:00:00Z");
const later = (seconds: number) => new Date(start.getTime() + seconds * 1000);
const day = 24 * 60 * 60;
const price = { amount: 1900, interval: "month" } as const;

const unknown: KeyClaim = { state: "unknown" };

/** A counter of purchases and licenses on one database. */
function counter(db: LedgerDatabase) {
  const shop = createStripeShop({ seed: 71, now: start });
  let serial = 0;
  const license = (changed: Partial<KnownLicense> = {}) =>
    knownLicense({ licenseId: `license-${++serial}`, slot: `product-a/${serial}`, ...changed });

  /** Records the event and settles it with what is told, the state kept as it is known. */
  async function settle(event: unknown, changed: Partial<Settlement> = {}, at = start) {
    const claim = claimOf(await db.ledger(at).record(received(event)));
    const state = claim.states.reduce(merge, nothing);
    await db.ledger(at).settle(claim, applied(claim, { state, ...changed }));
  }
  const subscribe = () => shop.subscribe({ email: `a${++serial}@example.com`, price });
  async function sell(...licenses: KnownLicense[]): Promise<string> {
    const sale = subscribe();
    await settle(sale.checkoutCompleted(), { licenses });
    return sale.sessionId;
  }
  const ask = (sessionId: string, at = start, rate?: CallRate) =>
    db.ledger(at, rate && { rate }).claimKeys(sessionId);
  const idsFor = async (sessionId: string, at = start) => {
    const claim = await ask(sessionId, at);
    return claim.state === "ready" ? claim.licenseIds : claim.state;
  };
  return { shop, license, settle, subscribe, sell, ask, idsFor };
}

databaseTest("a session's licenses are known once all is settled", async (db, t) => {
  const { shop, license, settle, subscribe, sell, ask, idsFor } = counter(db);

  await t.step("a paid session is being made until its license is written down", async () => {
    const sale = subscribe();
    assert.deepEqual(await ask(sale.sessionId), unknown, "its event has not come yet");
    const claim = claimOf(await db.ledger(start).record(received(sale.checkoutCompleted())));
    assert.deepEqual(await ask(sale.sessionId), { state: "making", retrySeconds: 2 });
    const one = license();
    const state = claim.states.reduce(merge, nothing);
    await db.ledger(start).settle(claim, applied(claim, { state, licenses: [one] }));
    assert.deepEqual(await ask(sale.sessionId, later(20)), {
      state: "ready",
      licenseIds: [one.licenseId],
      charged: { half: "fresh", calls: 1 },
    });
  });

  await t.step("every license of the order is there, and no other's", async () => {
    const [mine, alsoMine, theirs] = [license(), license(), license()];
    const session = await sell(mine, alsoMine);
    const other = await sell(theirs);
    assert.deepEqual(await idsFor(session), [mine.licenseId, alsoMine.licenseId]);
    assert.deepEqual(await idsFor(other), [theirs.licenseId]);
  });

  await t.step("the same customer's other purchase is not in it", async () => {
    const customer = shop.customer({ email: "ada@example.com", name: "Ada" });
    const first = shop.buy({ customer, amount: 100, paymentStatus: "paid" });
    const second = shop.buy({ customer, amount: 100, paymentStatus: "paid" });
    const [a, b] = [license(), license()];
    await settle(first.completed(), { licenses: [a] });
    await settle(second.completed(), { licenses: [b] });
    assert.deepEqual(await idsFor(first.sessionId), [a.licenseId]);
    assert.deepEqual(await idsFor(second.sessionId), [b.licenseId]);
  });

  await t.step("what is suspended, revoked, ended or gone is left out", async () => {
    const living = license();
    const losses: Partial<KnownLicense>[] = [
      { seen: licenseFields({ suspended: true }) },
      { seen: licenseFields({ revoked: true }) },
      { endedAt: start },
      { goneAt: start },
    ];
    const session = await sell(living, ...losses.map(license));
    assert.deepEqual(await idsFor(session), [living.licenseId]);
    for (const lost of losses) {
      assert.deepEqual(await ask(await sell(license(lost))), unknown, Object.keys(lost).join());
    }
  });

  await t.step("an order under a full discount counts as paid", async () => {
    const order = shop.buy({
      email: "free@example.com",
      amount: 1,
      paymentStatus: "no_payment_required",
    });
    const one = license();
    await settle(order.completed(), { licenses: [one] });
    assert.deepEqual(await idsFor(order.id), [one.licenseId]);
  });

  await t.step("what proves to be the same purchase is joined before it is", async () => {
    const order = shop.buy({
      email: "b@example.com",
      amount: 1,
      paymentStatus: "paid",
      withInvoice: true,
    });
    const one = license();
    // The invoice alone first, as its own purchase.
    const { reading, ...invoice } = received(order.invoicePaid());
    assert.equal(reading.kind, "facts");
    const alone = { ...reading, stripeIds: [order.invoiceId ?? ""] };
    const ledger = db.ledger(start);
    const claim = claimOf(await ledger.record({ ...invoice, reading: alone }));
    await ledger.settle(claim, applied(claim, { licenses: [one] }));
    const joined = claimOf(await ledger.record(received(order.completed())));
    await ledger.settle(
      joined,
      applied(joined, { state: joined.states.reduce(merge, nothing) }),
    );
    assert.deepEqual(await idsFor(order.sessionId), [one.licenseId]);
  });

  await t.step("other ids of the purchase open nothing", async () => {
    const sale = shop.subscribe({ email: "c@example.com", price });
    await settle(sale.checkoutCompleted(), { licenses: [license()] });
    const { subscription, invoice } = sale.checkoutCompleted().data.object as Record<
      string,
      string
    >;
    for (const id of [subscription, invoice, "cs_test_guessed", "", "%"]) {
      assert.deepEqual(await ask(String(id)), unknown, id);
    }
  });
});

databaseTest("money first, and not for long", async (db, t) => {
  const { shop, license, settle, subscribe, ask, idsFor } = counter(db);

  await t.step("a session that is not paid is as good as none, until it is", async () => {
    const order = shop.buy({ email: "d@example.com", amount: 100, paymentStatus: "unpaid" });
    const session = order.sessionId;
    await settle(order.completed());
    assert.deepEqual(await ask(session, later(60)), unknown);

    // The day begins with the money, which is there when the order is three days old.
    const paid = order.asyncPaymentSucceeded();
    const paidAt = new Date(paid.created * 1000);
    assert.ok(paidAt.getTime() - start.getTime() > day * 1000);
    const one = license();
    await settle(paid, { licenses: [one] }, paidAt);
    assert.deepEqual(await idsFor(session, new Date(paidAt.getTime() + 60_000)), [one.licenseId]);
  });

  await t.step("a payment that failed shows nothing", async () => {
    const order = shop.buy({ email: "e@example.com", amount: 100, paymentStatus: "unpaid" });
    await settle(order.completed());
    await settle(order.asyncPaymentFailed());
    assert.deepEqual(await ask(order.sessionId), unknown);
  });

  await t.step("a day after the sale the session is worth nothing", async () => {
    const one = license();
    const sale = subscribe();
    const completed = sale.checkoutCompleted();
    await settle(completed, { licenses: [one] });
    const after = (seconds: number) => new Date((completed.created + seconds) * 1000);
    assert.deepEqual(await idsFor(sale.sessionId, after(day - 1)), [one.licenseId]);
    assert.deepEqual(await ask(sale.sessionId, after(day)), unknown);
    assert.deepEqual(await ask(sale.sessionId, after(365 * day)), unknown);
  });

  await t.step("an old sale that is told late is old all the same", async () => {
    const sale = shop.subscribe({ email: "f@example.com", price });
    await settle(sale.checkoutCompleted(), { licenses: [license()] }, later(2 * day));
    const session = sale.sessionId;
    assert.deepEqual(await ask(session, later(2 * day)), unknown);
  });

  await t.step("what nothing maps to a license is not waited for", async () => {
    const sale = shop.subscribe({ email: "g@example.com", price });
    const claim = claimOf(await db.ledger(start).record(received(sale.checkoutCompleted())));
    const done = applied(claim, { state: claim.states.reduce(merge, nothing) });
    const events = done.events.map((event) => ({ ...event, status: "ignored" as const }));
    await db.ledger(start).settle(claim, { ...done, events });
    assert.deepEqual(await ask(sale.sessionId), unknown);
  });

  await t.step(
    "what waited for its invoice, and is then found to map to nothing, neither",
    async () => {
      const sale = shop.subscribe({ email: "k@example.com", price });
      await settle(sale.checkoutCompleted());
      const told = later(60_000);
      const claim = claimOf(await db.ledger(told).record(received(sale.firstInvoicePaid())));
      const done = applied(claim, { state: claim.states.reduce(merge, nothing) });
      const events = done.events.map((event) => ({ ...event, status: "ignored" as const }));
      await db.ledger(told).settle(claim, { ...done, events });
      assert.deepEqual(await ask(sale.sessionId, later(120_000)), unknown);
    },
  );

  await t.step("what waits for the first invoice, a retry or a person is being made", async () => {
    const waits = shop.subscribe({ email: "h@example.com", price });
    await settle(waits.checkoutCompleted());
    const retries = shop.subscribe({ email: "i@example.com", price });
    const first = claimOf(await db.ledger(start).record(received(retries.checkoutCompleted())));
    const state = first.states.reduce(merge, nothing);
    await db.ledger(start).settle(first, failed(first, { state, retrySeconds: 20 }));
    const needs = shop.subscribe({ email: "j@example.com", price });
    const second = claimOf(await db.ledger(start).record(received(needs.checkoutCompleted())));
    await db.ledger(start).settle(second, {
      ...parked(second),
      state: second.states.reduce(merge, nothing),
    });
    for (const [sale, retrySeconds] of [[waits, 2], [retries, 20], [needs, 60]] as const) {
      const session = sale.sessionId;
      assert.deepEqual(await ask(session), { state: "making", retrySeconds });
    }
  });
});

databaseTest("asking is limited, and costs others nothing", async (db, t) => {
  const { license, subscribe, sell, ask } = counter(db);
  const rows = async () => await db.sql`select session_id, turns from licensing.key_requests`;
  const refill = () =>
    db.sql`update licensing.cryptlex_limit set refilled_at = 'epoch', paused_until = null`;
  const limit = async () => (await db.sql`select * from licensing.cryptlex_limit`)[0];

  await t.step("ten thousand guesses write nothing and take no call", async () => {
    const before = await limit();
    const guesses = Array.from({ length: 10_000 }, () => `cs_test_${crypto.randomUUID()}`);
    const answers = await db.sql`
      select count(*)::int as n from unnest(${guesses}::text[]) guess, lateral (
        select public.claim_license_keys(jsonb_build_object('session_id', guess)::text) as said
      ) a where a.said = '{"state": "unknown"}'`;
    assert.equal(answers[0]?.["n"], 10_000);
    assert.deepEqual([...await rows()], []);
    const [links] = await db.sql`select count(*)::int as n from licensing.purchase_links`;
    assert.equal(links?.["n"], 0);
    assert.deepEqual(await limit(), before);
  });

  await t.step("a thousand asks at once for one session are three shows at most", async () => {
    const session = await sell(license());
    const answers = await Promise.all(Array.from({ length: 1000 }, () => ask(session, later(1))));
    const shows = answers.filter(({ state }) => state === "ready").length;
    assert.ok(shows >= 1 && shows <= 3, `${shows}`);
    assert.ok(answers.every(({ state }) => state !== "unknown"));
    assert.equal((await rows()).length, 1);
  });

  await t.step("who asked too often is told when to come again, and then is answered", async () => {
    const session = await sell(license());
    const at = later(100);
    for (let show = 0; show < 3; show++) assert.equal((await ask(session, at)).state, "ready");
    assert.deepEqual(await ask(session, at), { state: "making", retrySeconds: 20 });
    assert.deepEqual(await ask(session, later(119)), { state: "making", retrySeconds: 1 });
    assert.equal((await ask(session, later(120))).state, "ready");
  });

  await t.step("a page that asks every two seconds is never refused", async () => {
    const sale = subscribe();
    claimOf(await db.ledger(start).record(received(sale.checkoutCompleted())));
    for (let second = 0; second < 90; second += 2) {
      const answer = await ask(sale.sessionId, later(second));
      assert.deepEqual(answer, { state: "making", retrySeconds: 2 });
    }
    const [row] = await db.sql`
      select turns from licensing.key_requests where session_id = ${sale.sessionId}`;
    assert.equal(Number(row?.["turns"]), 29);
  });

  await t.step("a request under way is not queued up for", async () => {
    const session = await sell(license());
    await ask(session, later(200));
    const { promise: gate, resolve: open } = Promise.withResolvers<void>();
    const { promise: held, resolve: hold } = Promise.withResolvers<void>();
    const holding = db.sql.begin(async (transaction) => {
      await transaction`select from licensing.key_requests
        where session_id = ${session} for update`;
      await transaction`select from licensing.purchase_links for update`;
      await transaction`select from licensing.purchases for update`;
      hold();
      await gate;
    });
    await held;
    // Nor is a webhook, which locks links and purchases, waited for.
    assert.deepEqual(await ask(session, later(201)), { state: "making", retrySeconds: 2 });
    open();
    await holding;
  });

  await t.step("buyers' asking leaves sales their calls", async () => {
    const rate = { calls: 50, seconds: 5 };
    const sessions = await Promise.all(
      Array.from({ length: 60 }, () => sell(license())),
    );
    const at = later(1000);
    await refill();
    const answers = [];
    for (const session of sessions) answers.push(await ask(session, at, rate));
    const shows = answers.filter(({ state }) => state === "ready").length;
    assert.ok(shows > 0 && shows < 20, `${shows} of 60`);
    assert.deepEqual(answers.at(-1), { state: "making", retrySeconds: 5 });
    for (let sale = 0; sale < 3; sale++) {
      const { claim } = await db.ledger(at, { rate }).record(
        received(subscribe().checkoutCompleted()),
      );
      assert.ok(claim, `sale ${sale} is worked on at once`);
    }
  });

  await t.step("a large order is one call for each hundred licenses", async () => {
    await refill();
    const session = await sell(...Array.from({ length: 101 }, () => license()));
    const answer = await ask(session, later(2000));
    assert.ok(answer.state === "ready");
    assert.deepEqual(answer.charged, { half: "fresh", calls: 2 });
    assert.equal(answer.licenseIds.length, 101);
  });

  await t.step("a refusal of Cryptlex's pauses all workers, and is shown in health", async () => {
    await refill();
    const session = await sell(license());
    const at = later(3000);
    const ledger = db.ledger(at);
    const answer = await ledger.claimKeys(session);
    assert.ok(answer.state === "ready");
    await ledger.settleKeys(answer, { status: 429, pauseSeconds: 30 });
    assert.equal((await ledger.health()).paused_until, "2026-06-01T00:50:30+00:00");
    assert.equal((await ask(session, at)).state, "making");
    const { claim } = await ledger.record(received(subscribe().checkoutCompleted()));
    assert.equal(claim, null);
    const again = await ask(session, later(3031));
    assert.ok(again.state === "ready");
    await db.ledger(later(3031)).settleKeys(again, { status: 401, pauseSeconds: null });
    assert.ok((await ledger.health()).token_refused_since);
  });

  await t.step("who asked two days ago is forgotten when others ask", async () => {
    await refill();
    const before = (await rows()).length;
    assert.ok(before > 60);
    const late = 3 * day;
    const { shop, settle } = counter(db);
    for (let n = 0; n < 8; n++) {
      const order = shop.buy({
        email: `${n}@example.org`,
        amount: 1,
        paymentStatus: "paid",
        at: later(late),
      });
      await settle(order.completed(), { licenses: [license()] }, later(late));
      const asked = await ask(order.sessionId, later(late));
      assert.equal(asked.state, "ready");
    }
    assert.equal((await rows()).length, 8);
  });
});
