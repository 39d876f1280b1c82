// What a read of Stripe tells the ledger, on a real PostgreSQL: other ids of a purchase, and whether
// Stripe lets itself be read.

import { strict as assert } from "node:assert";
import type { Claim } from "../../functions/stripe-cryptlex/claim.ts";
import type { Settlement } from "../../functions/stripe-cryptlex/ledger.ts";
import { merge, nothing } from "../../functions/stripe-cryptlex/purchase.ts";
import { knownLicense } from "../stripe-cryptlex/builders/known_license.ts";
import { applied, claimOf, databaseTest, failed, parked, recorded } from "./ledger_database.ts";

const start = new Date("2026-06-01T00:00:00Z");
const later = (seconds: number) => new Date(start.getTime() + seconds * 1000);

/** As a worker settles that found other ids, and is to see what is known by them. */
function linked(claim: Claim, stripeIds: readonly string[]): Settlement {
  const state = claim.states.reduce(merge, nothing);
  return failed(claim, { state, stripeIds, retrySeconds: 0 });
}

const emails = ({ states }: Claim) => states.map((state) => state.email?.value).sort();
const eventIds = ({ events }: Claim) => events.map(({ eventId }) => eventId).sort();

databaseTest("ids that Stripe told join purchases, whoever is at work on them", async (db, t) => {
  const ledger = db.ledger(start);

  await t.step("a refund whose subscription was not known is worked on as its own", async () => {
    const sale = claimOf(await ledger.record(recorded("evt_sale", ["sub_1", "in_1"], "s@x.io")));
    await ledger.settle(
      sale,
      applied(sale, {
        state: sale.states.reduce(merge, nothing),
        licenses: [knownLicense({ licenseId: "license-1" })],
      }),
    );
    const refund = claimOf(await ledger.record(recorded("evt_refund", ["pi_1"], "r@x.io")));
    assert.equal(refund.purchaseId, "pi_1");

    const joined = claimOf(
      await ledger.settle(refund, linked(refund, ["pi_1", "in_1", "sub_1"])),
    );
    assert.equal(joined.purchaseId, "sub_1");
    assert.deepEqual(joined.joinedIds, ["pi_1"]);
    assert.deepEqual(emails(joined), ["r@x.io", "s@x.io"]);
    assert.deepEqual(eventIds(joined), ["evt_refund"]);
    assert.deepEqual(joined.licenses.map(({ licenseId }) => licenseId), ["license-1"]);
    assert.equal((await ledger.settle(joined, applied(joined))).claim, null);
    assert.equal((await ledger.health()).pending, 0);
  });

  await t.step("its later events are the subscription's", async () => {
    const claim = claimOf(await ledger.record(recorded("evt_again", ["pi_1"])));
    assert.equal(claim.purchaseId, "sub_1");
    await ledger.settle(claim, applied(claim));
  });

  await t.step("also when it is the first to be heard of its subscription", async () => {
    const refund = claimOf(await ledger.record(recorded("evt_first", ["pi_2"])));
    const joined = claimOf(await ledger.settle(refund, linked(refund, ["in_2", "sub_2"])));
    assert.deepEqual([joined.purchaseId, joined.states.length], ["sub_2", 1]);
    await ledger.settle(joined, applied(joined));
    const next = claimOf(await ledger.record(recorded("evt_next", ["sub_2"])));
    assert.deepEqual([next.purchaseId, next.states.length], ["sub_2", 2]);
    await ledger.settle(next, applied(next));
  });

  await t.step(
    "while the better one is worked on it waits; that one's settle claims it",
    async () => {
      const busy = claimOf(await ledger.record(recorded("evt_busy", ["sub_3"])));
      const refund = claimOf(await ledger.record(recorded("evt_waits", ["pi_3"])));
      assert.equal((await ledger.settle(refund, linked(refund, ["sub_3"]))).claim, null);
      const next = claimOf(await ledger.settle(busy, applied(busy)));
      assert.deepEqual([next.purchaseId, eventIds(next)], ["sub_3", ["evt_waits"]]);
      await ledger.settle(next, applied(next));
    },
  );

  await t.step("what waited under a lesser id comes along", async () => {
    const lesser = claimOf(await ledger.record(recorded("evt_lesser", ["in_4"])));
    await ledger.settle(lesser, parked(lesser));
    const refund = claimOf(await ledger.record(recorded("evt_better", ["pi_4"])));
    const joined = claimOf(await ledger.settle(refund, linked(refund, ["in_4"])));
    assert.deepEqual([joined.purchaseId, eventIds(joined)], ["pi_4", ["evt_better", "evt_lesser"]]);
    await ledger.settle(joined, applied(joined));
  });

  await t.step("ids that name no purchase lead to it all the same", async () => {
    const refund = claimOf(await ledger.record(recorded("evt_charge", ["pi_5"])));
    const same = claimOf(await ledger.settle(refund, linked(refund, ["ch_5"])));
    assert.equal(same.purchaseId, "pi_5");
    await ledger.settle(same, applied(same));
    const [row] = await db
      .sql`select purchase_id from licensing.purchase_links where stripe_id = 'ch_5'`;
    assert.equal(row?.["purchase_id"], "pi_5");
  });

  await t.step("a stale worker's find is kept, and nothing else of it", async () => {
    const stale = claimOf(await ledger.record(recorded("evt_stale", ["pi_6"])));
    const after = db.ledger(later(1000));
    const taken = claimOf(await after.claimDue({ ignoreBackoff: false }));
    assert.equal(taken.purchaseId, "pi_6");
    assert.equal((await after.settle(stale, linked(stale, ["sub_6"]))).settled, false);
    const joined = claimOf(await after.settle(taken, failed(taken, { retrySeconds: 0 })));
    assert.deepEqual([joined.purchaseId, eventIds(joined)], ["sub_6", ["evt_stale"]]);
    await after.settle(joined, applied(joined));
  });

  await t.step("nobody waits in a circle, and nothing is lost", async () => {
    for (let round = 0; round < 60; round++) {
      const at = db.ledger(later(2000 + round));
      const [pi, invoice, sub] = [`pi_r${round}`, `in_r${round}`, `sub_r${round}`];
      const refund = claimOf(await at.record(recorded(`evt_a${round}`, [pi])));
      const other = claimOf(await at.record(recorded(`evt_b${round}`, [invoice])));
      const answers = await Promise.all([
        at.settle(refund, linked(refund, [pi, invoice, sub])),
        at.settle(other, linked(other, [sub, invoice])),
        at.record(recorded(`evt_c${round}`, [sub, invoice])),
        at.claimDue({ ignoreBackoff: true }),
      ]);
      const claims = answers.flatMap(({ claim }) => claim ?? []);
      for (let claim = claims.shift(); claim !== undefined; claim = claims.shift()) {
        const { claim: more } = await at.settle(claim, applied(claim));
        if (more !== null) claims.push(more);
      }
    }
    const rest = db.ledger(later(9000));
    for (;;) {
      const { claim } = await rest.claimDue({ ignoreBackoff: true });
      if (claim === null) break;
      await rest.settle(claim, applied(claim));
    }
    assert.equal((await rest.health()).pending, 0);
    const [row] = await db.sql`select count(*)::integer as apart from licensing.purchases
      where purchase_id ~ '^(pi|in)_r' and joined_to is null`;
    assert.equal(row?.["apart"], 0);
  });
});

databaseTest("health tells whether Stripe lets itself be read", async (db, t) => {
  let seconds = 0;
  const read = async (stripeRead: Settlement["stripeRead"]) => {
    const ledger = db.ledger(later(++seconds));
    const claim = claimOf(await ledger.record(recorded(`evt_${seconds}`, ["sub_1"])));
    await ledger.settle(claim, applied(claim, { stripeRead }));
    const { stripe_refused_since: refused, stripe_not_found_since: notFound } = await ledger
      .health();
    return [refused, notFound].map((since) =>
      since === null ? null : (Date.parse(since) - start.getTime()) / 1000
    );
  };

  await t.step("it does until it refuses", async () => {
    assert.deepEqual(await read(null), [null, null]);
    assert.deepEqual(await read("found"), [null, null]);
  });

  await t.step("since when it refuses, or does not know its own events' objects", async () => {
    assert.deepEqual(await read("refused"), [3, null]);
    assert.deepEqual(await read("refused"), [3, null]);
    assert.deepEqual(await read("not_found"), [3, 5]);
    assert.deepEqual(await read("refused"), [3, 5]);
    assert.deepEqual(await read(null), [3, 5]);
  });

  await t.step("what is found clears both", async () => {
    assert.deepEqual(await read("found"), [null, null]);
    assert.deepEqual(await read("not_found"), [null, 9]);
    assert.deepEqual(await read("found"), [null, null]);
  });
});
