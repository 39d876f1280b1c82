// What is no longer kept goes, a batch at a time; what is to be done still stays as it is.

import { strict as assert } from "node:assert";
import { merge } from "../../functions/stripe-cryptlex/purchase.ts";
import { applied, claimOf, databaseTest, failed, recorded } from "./ledger_database.ts";

const start = new Date("2026-06-01T00:00:00Z");
const later = (days: number) => new Date(start.getTime() + days * 24 * 60 * 60 * 1000);
const call = { action: "create_user", licenseId: null, status: 200, ms: 5, error: null } as const;

databaseTest("settled events lose their payload, then go; others stay", async (db, t) => {
  const ledger = db.ledger(start);
  const prune = async (days: number, batch = 10_000) => {
    const [row] = await db.sql`select licensing.prune(${later(days)}, ${batch}) as did`;
    const { payloads_cleared, events_deleted, actions_deleted } = row?.["did"];
    return [payloads_cleared, events_deleted, actions_deleted];
  };
  const left = async () =>
    Object.fromEntries(
      (await db.sql`select event_id, payload is not null as has_payload
        from licensing.stripe_events order by event_id`)
        .map((row) => [row["event_id"], row["has_payload"]]),
    );

  for (const name of ["one", "two", "three"]) {
    const claim = claimOf(await ledger.record(recorded(`evt_${name}`, [`sub_${name}`])));
    await ledger.settle(claim, applied(claim, { actions: [call] }));
  }
  const said = recorded("evt_ignored", []);
  await ledger.record({ ...said, reading: { kind: "ignored", reason: "no" } });
  await ledger.record({
    ...recorded("evt_unread", []),
    reading: { kind: "parked", reason: "what is it" },
  });
  const claim = claimOf(await ledger.record(recorded("evt_pending", ["sub_pending"])));
  await ledger.settle(claim, failed(claim, { state: claim.states.reduce(merge) }));
  const hopeless = claimOf(await ledger.record(recorded("evt_parked", ["sub_parked"])));
  const parked = {
    eventId: "evt_parked",
    status: "parked",
    outcome: null,
    lastError: "no",
  } as const;
  await ledger.settle(hopeless, applied(hopeless, { events: [parked] }));
  const unsettled = { evt_parked: true, evt_pending: true, evt_unread: true };

  await t.step("for payload_days everything is kept", async () => {
    assert.deepEqual(await prune(90), [0, 0, 0]);
  });

  await t.step("a batch bounds what is done, what another holds is left", async () => {
    await db.sql.begin(async (other) => {
      await other`select from licensing.stripe_events where event_id = 'evt_two' for update`;
      assert.deepEqual(await prune(91, 2), [2, 0, 0]);
      assert.deepEqual(await prune(91, 2), [1, 0, 0]);
      assert.deepEqual(await prune(91, 2), [0, 0, 0]);
    });
    assert.deepEqual(await prune(91, 2), [1, 0, 0]);
    const bare = { evt_ignored: false, evt_one: false, evt_three: false, evt_two: false };
    assert.deepEqual(await left(), { ...bare, ...unsettled });
  });

  await t.step("only people say for how long, and never too short", async () => {
    await db.sql`update licensing.retention set settled_days = 95`;
    for (const days of ["payload_days = 29", "payload_days = 96", "settled_days = 89"]) {
      const edit = db.sql.unsafe(`update licensing.retention set ${days}`);
      await assert.rejects(edit, { code: "23514" }, days);
    }
    const asFunction = db.sql.begin(async (transaction) => {
      await transaction`set local role service_role`;
      await transaction`select licensing.prune()`;
    });
    await assert.rejects(asFunction, { code: "42501" });
  });

  await t.step("later they are deleted, with the calls made for them", async () => {
    assert.deepEqual(await prune(95), [0, 0, 0]);
    assert.deepEqual(await prune(96, 2), [0, 2, 2]);
    assert.deepEqual(await prune(96), [0, 2, 1]);
    assert.deepEqual(await left(), unsettled);
  });

  await t.step("what was never pruned before loses all at once", async () => {
    const claim = claimOf(await ledger.record(recorded("evt_late", ["sub_late"])));
    await ledger.settle(claim, applied(claim, { actions: [call] }));
    assert.deepEqual(await prune(500), [1, 1, 1]);
  });

  await t.step("what waits is worked off with all that was known, years later", async () => {
    const years = db.ledger(later(900));
    const { claim, unread } = await years.claimDue({ ignoreBackoff: false });
    assert.equal(claim?.purchaseId, "sub_pending");
    assert.equal(claim.states[0]?.email?.value, "a@example.com");
    assert.equal(unread, null);
    await db.sql`update licensing.stripe_events set status = 'pending'
      where event_id = 'evt_unread'`;
    const again = await years.claimDue({ ignoreBackoff: false, except: ["sub_pending"] });
    assert.deepEqual(again.unread, { id: "evt_unread" });
  });

  await t.step("prunes at the same time share the work and wait for nobody", async () => {
    await db.sql`
      insert into licensing.stripe_events (
        event_id, status, event_type, livemode, event_created_at, received_at, settled_at, payload
      )
      select 'evt_' || n, 'ignored', 'x', false, ${start}, ${start}, ${start}, '{}'
      from generate_series(1, 3000) n`;
    const sums = { payloads_cleared: 0, events_deleted: 0, actions_deleted: 0 };
    for (let round = 0; round < 10; round++) {
      const answers = await Promise.all(
        [1, 2, 3, 4].map(() => db.sql`select licensing.prune(${later(500)}, 200) as did`),
      );
      for (const [row] of answers) {
        for (const key of Object.keys(sums) as (keyof typeof sums)[]) {
          sums[key] += row?.["did"][key];
        }
      }
    }
    assert.deepEqual(sums, { payloads_cleared: 3000, events_deleted: 3000, actions_deleted: 0 });
  });
});
