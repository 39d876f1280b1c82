// The doors when things go wrong: replays in between, back-offs, refusals, and everybody at once.

import { strict as assert } from "node:assert";
import type { Claim } from "../../functions/stripe-cryptlex/claim.ts";
import type { KnownLicense } from "../../functions/stripe-cryptlex/known_license.ts";
import { LedgerError } from "../../functions/stripe-cryptlex/ledger.ts";
import { knownLicense } from "../stripe-cryptlex/builders/known_license.ts";
import { applied, claimOf, databaseTest, failed, parked, recorded } from "./ledger_database.ts";

const start = new Date("2026-06-01T00:00:00Z");
const later = (seconds: number) => new Date(start.getTime() + seconds * 1000);

databaseTest(
  "a setback holds up nobody else, and nothing asked for is forgotten",
  async (db, t) => {
    const ledger = db.ledger(start);

    await t.step(
      "news that came during a failing attempt does not wait for its back-off",
      async () => {
        const claim = claimOf(await ledger.record(recorded("evt_old", ["sub_news"])));
        await ledger.record(recorded("evt_news", ["sub_news"]));
        const next = claimOf(await ledger.settle(claim, failed(claim, { retrySeconds: 600 })));
        assert.equal(next.events.length, 2);
        assert.equal((await ledger.settle(next, failed(next, { retrySeconds: 600 }))).claim, null);
      },
    );

    await t.step("work cut short by its lease goes on in a fresh one at once", async () => {
      const claim = claimOf(await ledger.record(recorded("evt_long", ["sub_long"])));
      const next = claimOf(await ledger.settle(claim, failed(claim, { retrySeconds: 0 })));
      await ledger.settle(next, applied(next));
    });

    await t.step(
      "a drain that ignores back-off tries each purchase once, the failing ones too",
      async () => {
        for (const name of ["one", "two", "three"]) {
          const claim = claimOf(await ledger.record(recorded(`evt_${name}`, [`sub_${name}`])));
          await ledger.settle(claim, failed(claim, { retrySeconds: 600 }));
        }
        const tried: string[] = [];
        for (;;) {
          const { claim } = await ledger.claimDue({ ignoreBackoff: true, except: tried });
          if (claim === null) break;
          tried.push(claim.purchaseId);
          await ledger.settle(claim, failed(claim, { retrySeconds: 600 }));
        }
        assert.deepEqual(tried.sort(), ["sub_news", "sub_one", "sub_three", "sub_two"]);
      },
    );

    await t.step(
      "a settle that is asked to takes up another purchase that is due, and only then",
      async () => {
        const waiting = claimOf(await ledger.record(recorded("evt_waits", ["sub_waits"])));
        await ledger.settle(waiting, failed(waiting, { retrySeconds: 0.5 }));
        const at = db.ledger(later(1));
        const first = claimOf(await at.record(recorded("evt_first", ["sub_first"])));
        assert.equal((await at.settle(first, applied(first))).claim, null);
        const second = claimOf(await at.record(recorded("evt_second", ["sub_second"])));
        const other = claimOf(await at.settle(second, applied(second), { takes: "others" }));
        assert.equal(other.purchaseId, "sub_waits");
        assert.equal((await at.settle(other, applied(other), { takes: "others" })).claim, null);
      },
    );

    await t.step("a replay asked for while a reading worker is at it is read again", async () => {
      const first = claimOf(await ledger.record(recorded("evt_replay", ["sub_replay"])));
      await ledger.settle(first, applied(first));
      const replay = () =>
        db.sql`update licensing.stripe_events set status = 'pending' where event_id = 'evt_replay'`;
      await replay();
      const reading = claimOf(await ledger.claimDue({ ignoreBackoff: false }));
      assert.equal(reading.mustRead, true);
      await db
        .sql`update licensing.stripe_events set status = 'parked' where event_id = 'evt_replay'`;
      await replay();
      await ledger.settle(reading, applied(reading));
      await replay();
      const again = claimOf(await ledger.claimDue({ ignoreBackoff: false }));
      assert.equal(again.mustRead, true);
      await ledger.settle(again, applied(again));
    });

    await t.step(
      "a parked event asked for again during a lease outlives it, however that ends",
      async () => {
        const endings = {
          applied: (claim: Claim) => applied(claim),
          failed: (claim: Claim) => failed(claim, { retrySeconds: 600 }),
          parked: (claim: Claim) => parked(claim),
        };
        for (const [name, end] of Object.entries(endings)) {
          const purchaseId = `sub_outlives_${name}`;
          const eventId = `evt_outlives_${name}`;
          const first = claimOf(await ledger.record(recorded(eventId, [purchaseId])));
          await ledger.settle(first, parked(first));
          const busy = claimOf(await ledger.record(recorded(`evt_busy_${name}`, [purchaseId])));
          assert.deepEqual(busy.events.map((event) => event.status).sort(), ["parked", "pending"]);
          await db
            .sql`update licensing.stripe_events set status = 'pending' where event_id = ${eventId}`;
          const next = claimOf(await ledger.settle(busy, end(busy)));
          const pending = next.events.filter((event) => event.status === "pending");
          assert.ok(pending.some((event) => event.eventId === eventId), name);
          assert.equal(next.mustRead, true);
          assert.equal((await ledger.settle(next, applied(next))).claim, null);
        }
      },
    );

    await t.step(
      "a settlement that breaks a rule is refused whole, and says so by its class",
      async () => {
        const claim = claimOf(await ledger.record(recorded("evt_broken", ["sub_broken"])));
        const customers = [
          { stripeCustomerId: "acct_1", userId: "u", userMadeByUs: false, wroteName: null },
        ];
        await assert.rejects(
          ledger.settle(claim, applied(claim, { customers })),
          (error) => error instanceof LedgerError && error.refusesData,
        );
        assert.equal((await ledger.settle(claim, applied(claim))).settled, true);
      },
    );
  },
);

databaseTest("licenses of purchases that are joined keep one of ours a slot", async (db) => {
  const ledger = db.ledger(start);
  const license = (licenseId: string, origin: KnownLicense["origin"]) =>
    knownLicense({ licenseId, origin, slot: "product/1" });
  for (
    const [id, origin] of [["in_a", "created"], ["in_b", "created"], ["cs_c", "adopted"]] as const
  ) {
    const claim = claimOf(await ledger.record(recorded(`evt_${id}`, [id])));
    await ledger.settle(claim, applied(claim, { licenses: [license(`license of ${id}`, origin)] }));
  }
  const joined = claimOf(
    await ledger.record(recorded("evt_all", ["pi_all", "in_a", "in_b", "cs_c"])),
  );
  assert.deepEqual([...joined.joinedIds].sort(), ["cs_c", "in_a", "in_b"]);
  assert.deepEqual(joined.licenses.map(({ licenseId, slot }) => [licenseId, slot]).sort(), [
    ["license of cs_c", "product/1"],
    ["license of in_a", "product/1"],
    ["license of in_b", "product/1~license of in_b"],
  ]);
});

databaseTest(
  "records, settles and drains of joined purchases wait for each other, never in a circle",
  async (db) => {
    for (let round = 0; round < 60; round++) {
      const ledger = db.ledger(later(round));
      const [lesser, better] = [`in_${round}`, `pi_${round}`];
      const claim = claimOf(await ledger.record(recorded(`evt_a${round}`, [lesser])));
      await ledger.record(recorded(`evt_b${round}`, [better, lesser]));
      const [settled, , drained] = await Promise.all([
        ledger.settle(claim, applied(claim)),
        ledger.record(recorded(`evt_c${round}`, [better])),
        ledger.claimDue({ ignoreBackoff: false }),
      ]);
      const claims = [settled.claim, drained.claim].filter((one) => one !== null);
      for (let next = claims.shift(); next !== undefined; next = claims.shift()) {
        const { claim: more } = await ledger.settle(next, applied(next));
        if (more !== null) claims.push(more);
      }
    }
    const rest = db.ledger(later(1000));
    for (;;) {
      const { claim } = await rest.claimDue({ ignoreBackoff: false });
      if (claim === null) break;
      await rest.settle(claim, applied(claim));
    }
    assert.equal((await rest.health()).pending, 0);
  },
);

databaseTest(
  "a worker that dies in the look after an hour does not take the look along",
  async (db) => {
    const ledger = db.ledger(start);
    const claim = claimOf(await ledger.record(recorded("evt_looks", ["sub_looks"])));
    await ledger.settle(claim, applied(claim, { lookAgainSeconds: 3600 }));
    const due = (seconds: number) => db.ledger(later(seconds)).claimDue({ ignoreBackoff: false });
    assert.equal((await due(3599)).claim, null);
    assert.equal(claimOf(await due(3601)).looksAgain, true);
    assert.equal((await due(3602)).claim, null, "another has it");
    const after = claimOf(await due(3702));
    assert.deepEqual([after.looksAgain, after.mustRead], [true, true]);
    await db.ledger(later(3703)).settle(after, applied(after));
    // The lease that ran out is a call of which we never heard, too.
    assert.equal((await due(7301)).claim, null);
    const last = claimOf(await due(7303));
    await db.ledger(later(7304)).settle(last, applied(last));
    assert.equal((await due(20_000)).claim, null);
  },
);
