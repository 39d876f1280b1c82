// Events asked for again while others are at work on the same purchases, on a real PostgreSQL.

import { strict as assert } from "node:assert";
import { createReplayDoors } from "../../tools/replay/replay_doors.ts";
import { ids, recordDone, results, unread } from "./asked_again.ts";
import { applied, claimOf, databaseTest, parked, recorded } from "./ledger_database.ts";

const start = new Date("2026-06-01T00:00:00Z");
const later = (seconds: number) => new Date(start.getTime() + seconds * 1000);

databaseTest("a replay meets others at work, and nothing is lost or done twice", async (db, t) => {
  const doors = createReplayDoors(db.client);

  await t.step("two at the same moment replay each event once", async () => {
    const eventIds = Array.from({ length: 40 }, (_, n) => `evt_two${n}`);
    for (const [n, eventId] of eventIds.entries()) {
      await recordDone(db, { eventId, purchaseId: `sub_two${n % 20}`, at: start });
    }
    for (const id of ["evt_two_x", "evt_two_y"]) {
      await db.ledger(start).record(unread(id, "parked"));
    }
    const answers = await Promise.all([
      doors.replay(ids(...eventIds, "evt_two_x", "evt_two_y")),
      doors.replay(ids("evt_two_y", "evt_two_x", ...eventIds.toReversed())),
    ]);
    const told = answers.flatMap(({ events }) => events.map(({ result }) => result)).sort();
    assert.deepEqual(told, [...Array(42).fill("pending"), ...Array(42).fill("replayed")]);
    const [row] = await db.sql`select sum(replays)::int as n from licensing.purchases`;
    assert.equal(row?.["n"], 40);
  });

  await t.step("asked for during a lease, it outlives that lease", async () => {
    const ledger = db.ledger(start);
    await recordDone(db, { eventId: "evt_before", purchaseId: "sub_lease", at: start });
    const leased = claimOf(await ledger.record(recorded("evt_news", ["sub_lease"])));
    assert.deepEqual(results(await doors.replay(ids("evt_before"))), { evt_before: "replayed" });
    const next = claimOf(await ledger.settle(leased, applied(leased)));
    assert.deepEqual(next.events.map((event) => event.eventId), ["evt_before"]);
    assert.equal(next.mustRead, true);
    assert.equal((await ledger.settle(next, applied(next))).claim, null);
  });

  await t.step("replays and settles of the same purchases never wait in a circle", async () => {
    for (let round = 0; round < 30; round++) {
      const ledger = db.ledger(later(round));
      const names = ["a", "b", "c"].map((name) => `${name}${round}`);
      const claims = await Promise.all(names.map(async (name) => {
        const claim = claimOf(await ledger.record(recorded(`evt_${name}`, [`sub_${name}`])));
        await ledger.settle(claim, parked(claim));
        return claimOf(await ledger.record(recorded(`evt_news_${name}`, [`sub_${name}`])));
      }));
      const [page, ...settled] = await Promise.all([
        doors.replay(ids(...names.map((name) => `evt_${name}`))),
        ...claims.map((claim) => ledger.settle(claim, applied(claim))),
      ]);
      assert.equal(page.events.length, 3);
      assert.ok(settled.every((answer) => answer.settled));
    }
  });
});
