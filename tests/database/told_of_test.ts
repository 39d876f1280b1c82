// Events with nothing to do, or that could not be read, say which purchase they tell of.

import { strict as assert } from "node:assert";
import type { RecordedEvent } from "../../functions/stripe-cryptlex/ledger.ts";
import { createReplayDoors } from "../../tools/replay/replay_doors.ts";
import { ids, results } from "./asked_again.ts";
import { applied, claimOf, databaseTest, recorded } from "./ledger_database.ts";

const start = new Date("2026-06-01T00:00:00Z");

/** As `Reading` may have it. */
function telling(
  eventId: string,
  kind: "ignored" | "parked",
  stripeIds: readonly string[],
): RecordedEvent {
  const reading = { kind, reason: "the payment failed", stripeIds };
  return { ...recorded(eventId, []), reading };
}

databaseTest("an event with nothing to do says which purchase it tells of", async (db, t) => {
  const ledger = db.ledger(start);
  const row = async (eventId: string) =>
    (await db.sql`select status, purchase_id, about_purchase_id from licensing.stripe_events
      where event_id = ${eventId}`)[0];
  const sale = claimOf(await ledger.record(recorded("evt_sale", ["sub_1", "in_1"])));
  await ledger.settle(sale, applied(sale));

  await t.step("by the best id its ids lead to", async () => {
    for (const kind of ["ignored", "parked"] as const) {
      const answer = await ledger.record(telling(`evt_${kind}`, kind, ["pi_1", "in_1"]));
      assert.deepEqual(answer, { duplicate: false, claim: null, left: null });
      assert.deepEqual({ ...await row(`evt_${kind}`) }, {
        status: kind,
        purchase_id: null,
        about_purchase_id: "sub_1",
      });
    }
  });

  await t.step("nothing is linked by it, and no purchase made", async () => {
    await ledger.record(telling("evt_apart", "ignored", ["ch_2", "in_2", "pi_2"]));
    assert.equal((await row("evt_apart"))?.["about_purchase_id"], "pi_2");
    const made = await db.sql`select stripe_id from licensing.purchase_links where stripe_id ~ '_2$'
      union all select purchase_id from licensing.purchases where purchase_id <> 'sub_1'`;
    assert.deepEqual([...made], []);
  });

  await t.step("one that tells of none has none, nor has one that belongs to one", async () => {
    await ledger.record(telling("evt_none", "ignored", []));
    assert.equal((await row("evt_none"))?.["about_purchase_id"], null);
    assert.deepEqual({ ...await row("evt_sale") }, {
      status: "applied",
      purchase_id: "sub_1",
      about_purchase_id: null,
    });
  });

  await t.step("sent again it is a duplicate", async () => {
    const again = await ledger.record(telling("evt_ignored", "ignored", ["in_1"]));
    assert.equal(again.duplicate, true);
  });

  await t.step("its purchase's success leaves one that could not be read parked", async () => {
    const claim = claimOf(await ledger.record(recorded("evt_more", ["sub_1"])));
    assert.deepEqual(claim.events.map(({ eventId }) => eventId), ["evt_more"]);
    await ledger.settle(claim, applied(claim));
    assert.equal((await row("evt_parked"))?.["status"], "parked");
  });

  await t.step("asked for again it is read again, and comes to an end either way", async () => {
    const doors = createReplayDoors(db.client);
    const page = await doors.replay(ids("evt_ignored", "evt_parked"));
    assert.deepEqual(results(page), { evt_ignored: "replayed", evt_parked: "replayed" });
    assert.equal((await ledger.claimDue({ ignoreBackoff: false })).claim, null);
    await ledger.record(telling("evt_ignored", "ignored", ["in_1"]));
    assert.deepEqual({ ...await row("evt_ignored") }, {
      status: "ignored",
      purchase_id: null,
      about_purchase_id: "sub_1",
    });
    const claim = claimOf(await ledger.record(recorded("evt_parked", ["in_1"])));
    await ledger.settle(claim, applied(claim));
    assert.deepEqual({ ...await row("evt_parked") }, {
      status: "applied",
      purchase_id: "sub_1",
      about_purchase_id: null,
    });
    assert.equal((await ledger.health()).pending, 0);
  });
});
