// The doors on a real PostgreSQL: leases, tokens, what comes meanwhile, who takes over.

import { strict as assert } from "node:assert";
import {
  applied,
  claimOf,
  databaseTest,
  failed,
  leaseSeconds,
  parked,
  recorded,
} from "./ledger_database.ts";

const start = new Date("2026-06-01T00:00:00Z");
const later = (seconds: number) => new Date(start.getTime() + seconds * 1000);

databaseTest("a purchase is worked on by one at a time, and never forgotten", async (db, t) => {
  const ledger = db.ledger(start);
  const status = async (eventId: string) =>
    (await db.sql`select status from licensing.stripe_events where event_id = ${eventId}`)[0]
      ?.["status"];

  await t.step("twenty deliveries of one event are recorded once and claimed once", async () => {
    const answers = await Promise.all(
      Array.from({ length: 20 }, () => ledger.record(recorded("evt_twenty", ["sub_twenty"]))),
    );
    assert.equal(answers.filter((answer) => !answer.duplicate).length, 1);
    const winners = answers.filter((answer) => answer.claim !== null);
    assert.equal(winners.length, 1);
    const claim = claimOf(winners[0] ?? { claim: null });
    await ledger.settle(claim, applied(claim));
  });

  await t.step(
    "twenty events of one purchase have one winner, who then gets the rest",
    async () => {
      const answers = await Promise.all(Array.from(
        { length: 20 },
        (_, i) => ledger.record(recorded(`evt_race${i}`, ["sub_race", `in_race${i}`])),
      ));
      const winners = answers.filter((answer) => answer.claim !== null);
      assert.equal(winners.length, 1);
      const claim = claimOf(winners[0] ?? { claim: null });
      const { claim: next } = await ledger.settle(claim, applied(claim));
      assert.equal(claim.events.length + (next?.events.length ?? 0), 20);
      assert.ok(next);
      assert.equal(next.states.length, 1 + next.events.length);
      assert.deepEqual(await ledger.settle(next, applied(next)), {
        settled: true,
        claim: null,
        refused: null,
      });
    },
  );

  await t.step("twenty drains of one due purchase have one winner", async () => {
    const claim = claimOf(await ledger.record(recorded("evt_due", ["sub_due"])));
    await ledger.settle(claim, failed(claim, { retrySeconds: 1 }));
    const drains = await Promise.all(
      Array.from({ length: 20 }, () => db.ledger(later(2)).claimDue({ ignoreBackoff: false })),
    );
    const won = drains.filter((drain) => drain.claim?.purchaseId === "sub_due");
    assert.equal(won.length, 1);
    const winner = claimOf(won[0] ?? { claim: null });
    await db.ledger(later(2)).settle(winner, applied(winner));
  });

  await t.step("a stale token settles nothing", async () => {
    const stale = claimOf(await ledger.record(recorded("evt_stale", ["sub_stale"])));
    const after = db.ledger(later(leaseSeconds + 1));
    const taken = claimOf(await after.claimDue({ ignoreBackoff: false }));
    assert.equal(taken.purchaseId, "sub_stale");
    assert.deepEqual(await after.settle(stale, applied(stale)), {
      settled: false,
      claim: null,
      refused: null,
    });
    assert.equal(await status("evt_stale"), "pending");
    assert.equal((await after.settle(taken, applied(taken))).settled, true);
    assert.equal(await status("evt_stale"), "applied");
    assert.deepEqual(await after.settle(taken, applied(taken)), {
      settled: false,
      claim: null,
      refused: null,
    });
  });

  await t.step("an event that comes during a lease is claimed by its settle", async () => {
    const claim = claimOf(await ledger.record(recorded("evt_first", ["sub_mid"])));
    assert.equal((await ledger.record(recorded("evt_second", ["sub_mid"]))).claim, null);
    const next = claimOf(await ledger.settle(claim, applied(claim)));
    assert.deepEqual(next.events.map((event) => event.eventId), ["evt_second"]);
    assert.equal(next.states.length, 2);
    await ledger.settle(next, applied(next));
  });

  await t.step("records and settles at the same moment lose no event", async () => {
    for (let round = 0; round < 20; round++) {
      const id = `sub_same${round}`;
      const claim = claimOf(await ledger.record(recorded(`evt_a${round}`, [id])));
      const [settled, record] = await Promise.all([
        ledger.settle(claim, applied(claim)),
        ledger.record(recorded(`evt_b${round}`, [id])),
      ]);
      const claims = [settled.claim, record.claim].filter((one) => one !== null);
      assert.equal(claims.length, 1);
      const next = claimOf({ claim: claims[0] ?? null });
      assert.deepEqual(next.events.map((event) => event.eventId), [`evt_b${round}`]);
      await ledger.settle(next, applied(next));
    }
  });

  await t.step(
    "a dead worker's purchase is taken over after its lease, reading first",
    async () => {
      const dead = claimOf(await ledger.record(recorded("evt_dead", ["sub_dead"])));
      assert.equal(dead.mustRead, false);
      const before = await db.ledger(later(leaseSeconds - 1)).claimDue({ ignoreBackoff: true });
      assert.equal(before.claim, null);
      const after = db.ledger(later(leaseSeconds + 1));
      const taken = claimOf(await after.claimDue({ ignoreBackoff: false }));
      assert.equal(taken.purchaseId, "sub_dead");
      assert.equal(taken.mustRead, true);
      assert.equal(taken.attempts, 1);
      await after.settle(taken, applied(taken));
    },
  );

  await t.step(
    "back-off keeps a drain away, but neither a new event nor ignore_backoff",
    async () => {
      const claim = claimOf(await ledger.record(recorded("evt_back", ["sub_back"])));
      await ledger.settle(claim, failed(claim, { retrySeconds: 600 }));
      assert.equal((await db.ledger(later(1)).claimDue({ ignoreBackoff: false })).claim, null);
      const ignoring = claimOf(await db.ledger(later(1)).claimDue({ ignoreBackoff: true }));
      await db.ledger(later(1)).settle(ignoring, failed(ignoring, { retrySeconds: 600 }));
      const fresh = claimOf(await db.ledger(later(2)).record(recorded("evt_new", ["sub_back"])));
      assert.equal(fresh.attempts, 2);
      assert.equal(fresh.events.length, 2);
      await db.ledger(later(2)).settle(fresh, applied(fresh));
    },
  );

  await t.step("nothing bypasses not_before", async () => {
    const claim = claimOf(await ledger.record(recorded("evt_quiet", ["sub_quiet"])));
    await ledger.settle(
      claim,
      failed(claim, { retrySeconds: 1, quietSeconds: 30, mustRead: true }),
    );
    const during = db.ledger(later(29));
    assert.equal((await during.claimDue({ ignoreBackoff: true })).claim, null);
    assert.equal((await during.record(recorded("evt_loud", ["sub_quiet"]))).claim, null);
    const after = claimOf(await db.ledger(later(31)).claimDue({ ignoreBackoff: false }));
    assert.equal(after.mustRead, true);
    assert.equal(after.events.length, 2);
    await db.ledger(later(31)).settle(after, applied(after));
  });

  await t.step("a pause stops every claim until it is over", async () => {
    const claim = claimOf(await ledger.record(recorded("evt_limit", ["sub_limit"])));
    await ledger.settle(claim, failed(claim, { retrySeconds: 5, pauseSeconds: 5 }));
    const { claim: none } = await db.ledger(later(1)).record(recorded("evt_other", ["sub_other"]));
    assert.equal(none, null);
    assert.equal((await ledger.claimDue({ ignoreBackoff: true })).claim, null);
    const health = await ledger.health();
    assert.equal(Date.parse(health.paused_until ?? ""), later(5).getTime());
    for (const id of ["sub_limit", "sub_other"]) {
      const due = claimOf(await db.ledger(later(6)).claimDue({ ignoreBackoff: false }));
      assert.equal(due.purchaseId, id);
      await db.ledger(later(6)).settle(due, applied(due));
    }
  });

  // The pause is over.
  const onwards = db.ledger(later(10));

  await t.step("the next success of a purchase closes its parked events", async () => {
    const claim = claimOf(await onwards.record(recorded("evt_parked", ["sub_parked"])));
    assert.equal((await onwards.settle(claim, parked(claim))).claim, null);
    assert.equal((await onwards.claimDue({ ignoreBackoff: true })).claim, null);
    const next = claimOf(await onwards.record(recorded("evt_unpark", ["sub_parked"])));
    assert.equal(next.events.length, 2);
    await onwards.settle(next, applied(next));
    assert.equal(await status("evt_parked"), "applied");
  });

  await t.step("a status set back to pending is due at once, and read first", async () => {
    await db.sql`update licensing.stripe_events set status = 'pending', payload = null
      where event_id = 'evt_parked'`;
    const claim = claimOf(await onwards.claimDue({ ignoreBackoff: false }));
    assert.deepEqual(claim.events.map((event) => event.eventId), ["evt_parked"]);
    assert.equal(claim.mustRead, true);
    await onwards.settle(claim, applied(claim));
  });

  await t.step("nothing is left", async () => {
    assert.equal((await onwards.health()).pending, 0);
  });
});

databaseTest("a rehearsal's events wait until it is over", async (db) => {
  const rehearsal = db.ledger(start, { recordOnly: true });
  const claim = claimOf(await rehearsal.record(recorded("evt_1", ["sub_1"])));
  const events = [{
    eventId: "evt_1",
    status: "pending" as const,
    outcome: "would do it",
    lastError: null,
  }];
  await rehearsal.settle(claim, applied(claim, { events, mustRead: true }));
  assert.equal((await rehearsal.claimDue({ ignoreBackoff: true })).claim, null);
  assert.equal((await rehearsal.health()).held, 1);
  const real = claimOf(await db.ledger(start).claimDue({ ignoreBackoff: false }));
  assert.equal(real.mustRead, true);
  await db.ledger(start).settle(real, applied(real));
  assert.equal((await rehearsal.health()).held, 0);
});
