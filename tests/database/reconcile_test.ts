// What Stripe shows when asked: held against what is known, recorded as an event of our own.

import { strict as assert } from "node:assert";
import { merge, nothing, type Purchase } from "../../functions/stripe-cryptlex/purchase.ts";
import { createDoorCaller } from "../../tools/operator/call_doors.ts";
import { createReconcileDoors } from "../../tools/reconcile/reconcile_doors.ts";
import { knownLicense } from "../stripe-cryptlex/builders/known_license.ts";
import {
  applied,
  claimOf,
  databaseTest,
  leaseSeconds,
  type LedgerDatabase,
  parked,
  recorded,
} from "./ledger_database.ts";

const start = new Date("2026-06-01T00:00:00Z");
const later = (seconds: number) => new Date(start.getTime() + seconds * 1000);
const doorsOf = (db: LedgerDatabase, at = later(10)) =>
  createReconcileDoors(createDoorCaller(db.client, { at }));

const shownFacts: Purchase = {
  ...nothing,
  ended: true,
  email: { value: "b@c.d", at: 2, by: "in" },
};

function shown(stripeIds: readonly string[], facts = shownFacts) {
  return {
    stripeIds,
    customerId: "cus_1",
    facts,
    eventId: "evt_reconcile_1",
    eventType: "reconcile.subscription",
    readAt: later(5),
    livemode: false,
  };
}

const asked = (stripeIds: readonly string[]) => ({
  stripeIds,
  customerId: null,
  facts: shownFacts,
});

databaseTest("a preview is what a claim would be, and changes nothing", async (db, t) => {
  await db.sql`insert into licensing.plans (stripe_id, cryptlex_product_id)
    values ('price_known', 'p'), ('price_unknown', 'p')`;
  const ledger = db.ledger(start);
  const claim = claimOf(await ledger.record(recorded("evt_1", ["sub_1", "in_1"])));
  const license = { ...knownLicense(), licenseId: "license-1" };
  await ledger.settle(
    claim,
    applied(claim, { state: claim.states[0] ?? nothing, licenses: [license] }),
  );
  await ledger.record(recorded("evt_2", ["pi_2"]));
  const before = await db.sql`select * from licensing.purchases order by 1`;

  await t.step("what is known and what is shown, by any id", async () => {
    for (const ids of [["sub_1"], ["in_1"], ["in_1", "pi_new"]]) {
      const [preview] = await doorsOf(db).preview([asked(ids)]);
      assert.equal(preview?.claim.purchaseId, "sub_1");
      assert.deepEqual([preview.known?.ended, preview.known?.email?.value], [
        false,
        "a@example.com",
      ]);
      assert.equal(preview.claim.states.reduce(merge, nothing).ended, true);
      assert.deepEqual(preview.claim.licenses.map(({ licenseId }) => licenseId), ["license-1"]);
      assert.deepEqual([preview.claim.mustRead, preview.claim.hasPlans], [true, true]);
    }
  });

  await t.step(
    "of what is not known: only what is shown, and the plans of what it sells",
    async () => {
      const facts: Purchase = {
        ...nothing,
        catalogTerms: { price_unknown: { value: null, at: 1, by: "read" } },
        subscriptionTerms: {
          value: { productId: "price_known", licenseTemplateId: null, entitlementSetId: null },
          at: 1,
          by: "read",
        },
      };
      const [preview] = await doorsOf(db).preview([
        { stripeIds: ["in_9", "sub_9"], customerId: "cus_9", facts },
      ]);
      assert.equal(preview?.claim.purchaseId, "sub_9");
      assert.equal(preview.known, null);
      assert.deepEqual(preview.claim.licenses, []);
      assert.deepEqual(preview.claim.plans.map(({ stripeId }) => stripeId), ["price_known"]);
    },
  );

  await t.step("they come in the order asked, however many", async () => {
    const ids = Array.from({ length: 120 }, (_, nth) => `sub_x${nth}`);
    const previews = await doorsOf(db).preview(ids.map((id) => asked([id])));
    assert.deepEqual(previews.map(({ claim }) => claim.purchaseId), ids);
  });

  await t.step("two purchases that prove to be one come as one", async () => {
    const [preview] = await doorsOf(db).preview([asked(["sub_1", "pi_2"])]);
    assert.equal(preview?.claim.purchaseId, "sub_1");
    assert.deepEqual(preview.claim.joinedIds, ["pi_2"]);
  });

  assert.deepEqual([...await db.sql`select * from licensing.purchases order by 1`], [...before]);
});

databaseTest("what is shown is recorded once, and worked off read-first", async (db, t) => {
  const doors = doorsOf(db);

  await t.step("as an event of our own, without a payload or a claim", async () => {
    assert.equal(await doors.record(shown(["sub_1", "in_1"]), { remap: false }), "sub_1");
    const [row] = await db.sql`select * from licensing.stripe_events`;
    assert.deepEqual(
      [row?.["event_id"], row?.["event_type"], row?.["status"], row?.["payload"]],
      ["evt_reconcile_1", "reconcile.subscription", "pending", null],
    );
    assert.deepEqual(await doors.pendingEvents(["evt_reconcile_1"]), ["evt_reconcile_1"]);
    assert.deepEqual(await doors.unknownEvents(["evt_reconcile_1", "evt_x"]), ["evt_x"]);
    const { claim } = await db.ledger(later(11)).claimDue({ ignoreBackoff: false });
    assert.deepEqual([claim?.purchaseId, claim?.mustRead], ["sub_1", true]);
    const done = applied(claimOf({ claim }), { state: shownFacts });
    assert.ok((await db.ledger(later(12)).settle(claimOf({ claim }), done)).settled);
  });

  await t.step(
    "again it is the same event, due again, and what was shown last counts",
    async () => {
      const facts = { ...nothing, trialThrough: 7 };
      await doors.record(shown(["sub_1"], facts), { remap: false });
      const { claim } = await db.ledger(later(13)).claimDue({ ignoreBackoff: false });
      const { events, mustRead, states } = claimOf({ claim });
      assert.deepEqual(events.map(({ eventId }) => eventId), ["evt_reconcile_1"]);
      const { ended, trialThrough } = states.reduce(merge, nothing);
      assert.deepEqual([mustRead, ended, trialThrough], [true, true, 7]);
    },
  );

  await t.step("during a lease it waits for that, and is read first all the same", async () => {
    const leased = await db.sql`select lease_token from licensing.purchases`;
    await doors.record(
      { ...shown(["sub_1"]), eventId: "evt_reconcile_2" },
      { remap: false },
    );
    assert.deepEqual([...await db.sql`select lease_token from licensing.purchases`], [...leased]);
    const none = await db.ledger(later(14)).claimDue({ ignoreBackoff: true });
    assert.equal(none.claim, null);
    const after = await db.ledger(later(15 + leaseSeconds)).claimDue({ ignoreBackoff: true });
    assert.equal(claimOf(after).events.length, 2);
    assert.equal(claimOf(after).mustRead, true);
    const settled = await db.ledger(later(16 + leaseSeconds))
      .settle(claimOf(after), parked(claimOf(after)));
    assert.ok(settled.settled);
  });

  await t.step("parked before, it is tried again, and the reason shows", async () => {
    const [before] = await doors.preview([asked(["sub_1"])]);
    assert.equal(before?.lastError, "no such product");
    await doors.record(shown(["sub_1"]), { remap: false });
    assert.deepEqual(await doors.pendingEvents(["evt_reconcile_1", "evt_reconcile_2"]), [
      "evt_reconcile_1",
    ]);
  });
});

databaseTest("an erased buyer stays erased, whatever Stripe shows", async (db) => {
  const doors = doorsOf(db);
  const erasing = recorded("evt_gone", ["cus_1"]);
  assert.ok(erasing.reading.kind === "facts");
  await db.ledger(start).record({
    ...erasing,
    head: { ...erasing.head, customerId: "cus_1" },
    reading: { ...erasing.reading, customerId: "cus_1", facts: { ...nothing, erased: true } },
  });
  for (let twice = 0; twice < 2; twice++) await doors.record(shown(["sub_1"]), { remap: false });
  const [preview] = await doors.preview([asked(["sub_1"])]);
  assert.equal(preview?.known?.email, null);
});

databaseTest("remap thaws our own licenses of that purchase, and no others", async (db) => {
  const ledger = db.ledger(start);
  const of = (licenseId: string, changed = {}) => ({
    ...knownLicense(),
    licenseId,
    slot: `p/${licenseId}`,
    stripePriceId: "price_1",
    ...changed,
  });
  for (
    const [nth, licenses] of [
      [of("ours"), of("adopted", { origin: "adopted" }), of("whole", { stripePriceId: null })],
      [of("other")],
    ].entries()
  ) {
    const claim = claimOf(await ledger.record(recorded(`evt_${nth}`, [`sub_${nth}`])));
    await ledger.settle(claim, applied(claim, { licenses }));
  }
  await doorsOf(db).record(shown(["sub_0"]), { remap: true });
  const rows = await db.sql`select license_id, stripe_price_id from licensing.licenses`;
  assert.deepEqual(
    Object.fromEntries(rows.map((row) => [row["license_id"], row["stripe_price_id"]])),
    {
      ours: "remap",
      adopted: "price_1",
      whole: null,
      other: "price_1",
    },
  );
});

databaseTest("customers are listed 500 a call, with whom they share a user", async (db) => {
  await db.sql`insert into licensing.customers
    (stripe_customer_id, user_id, created_at, updated_at)
    select 'cus_' || lpad(n::text, 4, '0'), 'user-' || (n / 2), now(), now()
    from generate_series(1, 600) n`;
  const doors = doorsOf(db);
  const first = await doors.customers(null);
  assert.equal(first.length, 500);
  assert.deepEqual(first.slice(0, 2), [
    { stripeCustomerId: "cus_0001", userId: "user-0", isShared: false },
    { stripeCustomerId: "cus_0002", userId: "user-1", isShared: true },
  ]);
  const rest = await doors.customers(first.at(-1)?.stripeCustomerId ?? null);
  assert.deepEqual([rest.length, rest.at(-1)?.stripeCustomerId], [100, "cus_0600"]);
});

databaseTest("a remap that is asked for during a lease outlives the lease", async (db) => {
  const ledger = db.ledger(start);
  const first = claimOf(await ledger.record(recorded("evt_1", ["sub_1"])));
  const license = { ...knownLicense(), licenseId: "license-1", stripePriceId: "price_1" };
  const done = { state: first.states[0] ?? nothing, licenses: [license] };
  await ledger.settle(first, applied(first, done));
  const priceNow = async () =>
    (await db.sql`select stripe_price_id from licensing.licenses`)[0]?.["stripe_price_id"];

  const second = claimOf(await ledger.record(recorded("evt_2", ["sub_1"])));
  await doorsOf(db).record(shown(["sub_1"]), { remap: true });
  assert.equal(await priceNow(), "remap");
  const { claim } = await ledger.settle(second, applied(second, done));
  assert.equal(await priceNow(), "remap");

  assert.ok(claim !== null, "it is worked off at once");
  assert.equal(claim.licenses[0]?.stripePriceId, "remap");
  await ledger.settle(claim, applied(claim, done));
  assert.equal(await priceNow(), "price_1");
});
