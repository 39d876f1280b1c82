// Events that wait for too long are told of: when they do, once, and again when it comes to that again.

import { strict as assert } from "node:assert";
import { applied, claimOf, databaseTest, failed, recorded } from "./ledger_database.ts";

const start = new Date("2026-06-01T00:00:00Z");
const after = (minutes: number) => new Date(start.getTime() + minutes * 60_000);

databaseTest("events that wait for over an hour are told once each time", async (db, t) => {
  const at = (minutes: number) => db.ledger(after(minutes));
  const wait = async (name: string, minutes: number) => {
    const claim = claimOf(await at(minutes).record(recorded(`evt_${name}`, [`sub_${name}`])));
    await at(minutes).settle(claim, failed(claim, { retrySeconds: 1 }));
  };
  const finish = async (minutes: number) => {
    const claim = claimOf(await at(minutes).claimDue({ ignoreBackoff: false }));
    await at(minutes).settle(claim, applied(claim));
  };

  await t.step("not before an hour has passed", async () => {
    await wait("first", 0);
    await wait("second", 20);
    assert.equal(await at(59.9).claimAlert(), null);
  });

  await t.step("then once, however many of them and however long", async () => {
    const lost = await at(60).claimAlert();
    assert.equal(lost?.late?.count, 1);
    const alert = await at(85).claimAlert();
    assert.ok(alert !== null);
    assert.deepEqual({ ...alert, token: "" }, {
      token: "",
      parked: 0,
      events: [],
      late: {
        count: 2,
        since: start,
        oldest: {
          eventId: "evt_first",
          eventType: "invoice.paid",
          purchaseId: "sub_first",
          lastError: "it failed",
        },
      },
    });
    await at(85).settleAlert(alert);
    for (const minutes of [85, 95, 1000]) assert.equal(await at(minutes).claimAlert(), null);
  });

  await t.step("not again while one of them is left", async () => {
    await finish(1000);
    assert.equal(await at(1000).claimAlert(), null);
  });

  await t.step("again when it comes to that again", async () => {
    await finish(1000);
    assert.equal(await at(1000).claimAlert(), null);
    await wait("third", 1000);
    assert.equal((await at(1060).claimAlert())?.late?.count, 1);
  });

  await t.step(
    "a message that arrives when none waits any more is no word on the next",
    async () => {
      const underWay = await at(1070).claimAlert();
      assert.ok(underWay !== null);
      await finish(1070);
      assert.equal(await at(1070).claimAlert(), null);
      await at(1070).settleAlert(underWay);
      await wait("fourth", 1070);
      assert.equal((await at(1130).claimAlert())?.late?.count, 1);
      await finish(1130);
    },
  );

  await t.step("what a rehearsal holds does not wait", async () => {
    const rehearsal = db.ledger(after(1200), { recordOnly: true });
    const claim = claimOf(await rehearsal.record(recorded("evt_held", ["sub_held"])));
    const events = applied(claim).events.map((event) => ({ ...event, status: "pending" as const }));
    await rehearsal.settle(claim, applied(claim, { events }));
    assert.equal(await at(1400).claimAlert(), null);
    await finish(1400);
  });

  await t.step("an old event that is asked for again waits from then on", async () => {
    await wait("old", 1400);
    await finish(1401);
    await db.sql`update licensing.stripe_events set status = 'pending' where event_id = 'evt_old'`;
    const [row] = await db
      .sql`select status_since from licensing.stripe_events where event_id = 'evt_old'`;
    const since = new Date(row?.["status_since"]);
    const later = (minutes: number) => db.ledger(new Date(since.getTime() + minutes * 60_000));
    assert.equal(await later(59.9).claimAlert(), null);
    assert.deepEqual((await later(61).claimAlert())?.late?.since, since);
    const again = claimOf(await later(61).claimDue({ ignoreBackoff: false }));
    await later(61).settle(again, applied(again));
    const [settled] = await db
      .sql`select status_since from licensing.stripe_events where event_id = 'evt_old'`;
    assert.equal(settled?.["status_since"], null);
  });
});
