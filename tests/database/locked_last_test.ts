// The row of Cryptlex's limit, which all workers share, is locked last: who holds it waits for nobody.

import { strict as assert } from "node:assert";
import {
  applied,
  claimOf,
  databaseTest,
  failed,
  type LedgerDatabase,
  recorded,
} from "./ledger_database.ts";
import { locked, waiting } from "./locks.ts";

const start = new Date("2026-06-01T00:00:00Z");
const later = (seconds: number) => new Date(start.getTime() + seconds * 1000);
const limit = "select from licensing.cryptlex_limit for update";

/** Whether somebody has locked the rows. */
async function isLocked({ sql }: LedgerDatabase, rows: string): Promise<boolean> {
  const [row] = await sql.unsafe(
    `with free as (select 1 from ${rows} for update skip locked)
    select (select count(*) from ${rows})::integer - (select count(*) from free)::integer as locked`,
  );
  return Number(row?.["locked"]) > 0;
}

async function waitsForBackoff(db: LedgerDatabase, name: string): Promise<void> {
  const ledger = db.ledger(start);
  const claim = claimOf(await ledger.record(recorded(`evt_${name}`, [name])));
  await ledger.settle(claim, failed(claim, { retrySeconds: 1 }));
}

databaseTest("a settle that takes up another has locked it before the limit", async (db) => {
  await waitsForBackoff(db, "sub_other");
  const ledger = db.ledger(later(60));
  const claim = claimOf(await ledger.record(recorded("evt_own", ["sub_own"])));
  await locked(db.sql, limit, async (letGo) => {
    const settling = ledger.settle(claim, applied(claim), { takes: "others" });
    await waiting(db.sql, 1);
    assert.equal(
      await isLocked(db, "licensing.purchases p where p.purchase_id = 'sub_other'"),
      true,
    );
    await letGo();
    assert.equal(claimOf(await settling).purchaseId, "sub_other");
  });
});

databaseTest("a drain has joined what it takes up before it locks the limit", async (db) => {
  await waitsForBackoff(db, "in_lesser");
  const ledger = db.ledger(later(60));
  await db.sql`update licensing.cryptlex_limit set paused_until = ${later(61)}`;
  const linked = await ledger.record(recorded("evt_links", ["pi_better", "in_lesser"]));
  assert.equal(linked.claim, null);
  await locked(db.sql, limit, async (letGo) => {
    const draining = db.ledger(later(62)).claimDue({ ignoreBackoff: false });
    await waiting(db.sql, 1);
    const events = "licensing.stripe_events e where e.event_id = 'evt_in_lesser'";
    assert.equal(await isLocked(db, events), true);
    await letGo();
    assert.deepEqual(claimOf(await draining).joinedIds, ["in_lesser"]);
  });
});

databaseTest("a claim that is refused its calls has changed nothing", async (db) => {
  await waitsForBackoff(db, "in_lesser");
  await db.sql`update licensing.cryptlex_limit set paused_until = ${later(90)}`;
  const ledger = db.ledger(later(60));
  await ledger.record(recorded("evt_links", ["pi_better", "in_lesser"]));
  const due = await ledger.claimDue({ ignoreBackoff: false });
  assert.deepEqual([due.claim, due.waitSeconds], [null, 30]);
  const rows = await db.sql`
    select purchase_id, lease_token, jsonb_array_length(state) as facts
    from licensing.purchases order by purchase_id`;
  assert.deepEqual(rows.map((row) => ({ ...row })), [
    { purchase_id: "in_lesser", lease_token: null, facts: 1 },
    { purchase_id: "pi_better", lease_token: null, facts: 1 },
  ]);
});

databaseTest("what is linked to a purchase at work is not due before that is free", async (db) => {
  const ledger = db.ledger(start);
  const claim = claimOf(await ledger.record(recorded("evt_first", ["in_lesser"])));
  await ledger.record(recorded("evt_links", ["pi_better", "in_lesser"]));
  const due = async () => {
    const rows = await db.sql<{ quiet_until: Date; due_at: Date }[]>`
      select purchase_id, quiet_until, due_at from licensing.waiting order by purchase_id`;
    return rows.map((row) => [row.quiet_until, row.due_at].map((at) => at.toISOString()));
  };
  const leased = later(100).toISOString();
  assert.deepEqual(await due(), [[leased, leased], [leased, leased]]);
  await ledger.settle(claim, failed(claim, { retrySeconds: 5, quietSeconds: 30 }), {
    takes: "nothing",
  });
  const quiet = later(30).toISOString();
  assert.deepEqual(await due(), [[quiet, quiet], [quiet, quiet]]);
});
