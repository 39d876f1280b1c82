// What is to be told, on a real PostgreSQL: by one, once, never in a storm, and not lost when that one
// dies.

import { strict as assert } from "node:assert";
import type { Alert } from "../../functions/stripe-cryptlex/alert.ts";
import type { Ledger } from "../../functions/stripe-cryptlex/ledger.ts";
import { applied, claimOf, databaseTest, parked, recorded } from "./ledger_database.ts";

const start = new Date("2026-06-01T00:00:00Z");
const after = (minutes: number) => new Date(start.getTime() + minutes * 60_000);

/** Records an event of a purchase of its own, and parks it. */
async function park(ledger: Ledger, name: string): Promise<void> {
  const claim = claimOf(await ledger.record(recorded(`evt_${name}`, [`sub_${name}`])));
  await ledger.settle(claim, parked(claim));
}

const ids = (alert: Alert | null) => alert?.events.map((event) => event.eventId);

databaseTest("a parked event is told once, by one, and not in a storm", async (db, t) => {
  // Each step has its own hours, so that no message of another keeps it waiting.
  let hours = 0;
  const at = (minutes: number) => db.ledger(after(hours * 60 + minutes));
  const step = (name: string, body: () => Promise<void>) =>
    t.step(name, async () => {
      hours += 4;
      await body();
    });
  const replay = (eventId: string) =>
    db.sql`update licensing.stripe_events set status = 'pending' where event_id = ${eventId}`;
  const told = async (minutes: number) => {
    const alert = await at(minutes).claimAlert();
    if (alert !== null) await at(minutes).settleAlert(alert);
    return alert;
  };

  const isDue = async (minutes: number) => {
    const [row] = await db.sql`select licensing.alert_is_due(${
      after(hours * 60 + minutes)
    }) as due`;
    return row?.["due"];
  };

  await step("the schedule can know whether there is something to tell", async () => {
    await park(at(0), "unheard");
    assert.equal(await isDue(0), false, "nobody has asked: alerts are off");
    const alert = await at(0).claimAlert();
    assert.ok(alert !== null);
    assert.deepEqual([await isDue(4), await isDue(5)], [false, true], "it may have got lost");
    await at(0).settleAlert(alert);
    assert.equal(await isDue(5), false);
    await park(at(6), "next");
    assert.deepEqual([await isDue(6), await isDue(24 * 60)], [true, false], "off for a day");
    assert.deepEqual(ids(await told(6)), ["evt_next"]);
  });

  await step("nothing parked is nothing to tell", async () => {
    assert.equal(await at(0).claimAlert(), null);
  });

  await step("of twenty that ask at once one tells, and it is told once", async () => {
    await park(at(0), "one");
    const asked = await Promise.all(Array.from({ length: 20 }, () => at(0).claimAlert()));
    const [alert, ...others] = asked.filter((one) => one !== null);
    assert.ok(alert !== undefined && others.length === 0);
    assert.deepEqual({ ...alert, token: "" }, {
      token: "",
      parked: 1,
      events: [{
        eventId: "evt_one",
        eventType: "invoice.paid",
        purchaseId: "sub_one",
        lastError: "no such product",
      }],
      late: null,
    });
    await at(0).settleAlert(alert);
    for (const minutes of [0, 6, 59]) assert.equal(await at(minutes).claimAlert(), null);
  });

  await step("an event that could not be read is told of, too", async () => {
    const reading = { kind: "parked", reason: "missing: lines" } as const;
    await at(0).record({ ...recorded("evt_unread", []), reading });
    const [event] = (await told(0))?.events ?? [];
    assert.deepEqual([event?.eventId, event?.purchaseId], ["evt_unread", null]);
    assert.equal(event?.lastError, "missing: lines");
  });

  await step("what its teller did not finish another tells after five minutes", async () => {
    await park(at(0), "lost");
    const lost = await at(0).claimAlert();
    assert.deepEqual(ids(lost), ["evt_lost"]);
    assert.equal(await at(4.9).claimAlert(), null);
    const again = await at(5).claimAlert();
    assert.deepEqual(ids(again), ["evt_lost"]);
    assert.ok(lost !== null && again !== null && lost.token !== again.token);
    // The first, come back from the dead, is no longer the one who tells.
    await at(5).settleAlert(lost);
    assert.deepEqual(ids(await at(10).claimAlert()), ["evt_lost"]);
    assert.deepEqual(ids(await told(15)), ["evt_lost"]);
    assert.equal(await told(20), null);
  });

  await step("between two messages there are five minutes", async () => {
    await park(at(0), "first");
    assert.deepEqual(ids(await told(0)), ["evt_first"]);
    await park(at(1), "second");
    await park(at(2), "third");
    assert.equal(await told(4.9), null);
    assert.deepEqual(ids(await told(5)), ["evt_second", "evt_third"]);
  });

  await step("what parks while a message is under way is told by the next", async () => {
    await park(at(0), "before");
    const underWay = await at(0).claimAlert();
    await park(at(0), "meanwhile");
    await replay("evt_before");
    const claim = claimOf(await at(0).claimDue({ ignoreBackoff: false }));
    await at(0).settle(claim, parked(claim));
    assert.ok(underWay !== null);
    await at(0).settleAlert(underWay);
    assert.deepEqual(ids(await told(5)), ["evt_meanwhile", "evt_before"]);
    assert.equal(await told(10), null);
  });

  await step("one that parks anew is told anew; one that stays parked is not", async () => {
    await park(at(0), "anew");
    assert.deepEqual(ids(await told(0)), ["evt_anew"]);
    const claim = claimOf(await at(6).record(recorded("evt_another", ["sub_anew"])));
    assert.equal(claim.events.length, 2);
    await at(6).settle(claim, parked(claim));
    assert.deepEqual(ids(await told(6)), ["evt_another"]);
    await replay("evt_anew");
    const replayed = claimOf(await at(12).claimDue({ ignoreBackoff: false }));
    await at(12).settle(replayed, parked(replayed));
    assert.deepEqual(ids(await told(12)), ["evt_anew"]);
  });

  await step("one that is no longer parked is not told of", async () => {
    await park(at(0), "mended");
    await park(at(0), "left");
    const claim = claimOf(await at(1).record(recorded("evt_mends", ["sub_mended"])));
    await at(1).settle(claim, applied(claim));
    await db.sql`update licensing.stripe_events set status = 'ignored' where event_id = 'evt_left'`;
    assert.equal(await told(2), null);
  });

  await step("a storm of five hundred is one message, which shows the first five", async () => {
    await db.sql`insert into licensing.stripe_events
      (event_id, status, event_type, livemode, event_created_at, received_at)
      select 'evt_storm' || i, 'parked', 'invoice.paid', true, now(), now()
      from generate_series(1, 500) i`;
    const alert = await told(0);
    assert.deepEqual([alert?.parked, alert?.events.length], [500, 5]);
    assert.equal(await told(5), null);
    const rest = await db.sql`select count(*)::int as n from licensing.alerts`;
    assert.equal(rest[0]?.["n"], 0);
  });

  await step("parking and telling at the same moment loses none and tells none twice", async () => {
    let sum = 0;
    for (let round = 0; round < 20; round++) {
      const [, , alert] = await Promise.all([
        park(at(round * 5), `m${round}`),
        park(at(round * 5), `n${round}`),
        told(round * 5),
      ]);
      sum += alert?.parked ?? 0;
    }
    sum += (await told(200))?.parked ?? 0;
    assert.equal(sum, 40);
  });

  await step("whoever tells waits for nobody who is settling", async () => {
    await park(at(0), "settling");
    await park(at(0), "free");
    await db.sql.begin(async (settling) => {
      await settling`update licensing.stripe_events set status = 'applied'
        where event_id = 'evt_settling'`;
      assert.deepEqual(ids(await told(0)), ["evt_free"]);
    });
    assert.equal(await told(5), null);
  });
});
