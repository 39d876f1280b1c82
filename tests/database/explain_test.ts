// What is known of a purchase, asked by whatever names it, on a real PostgreSQL.

import { strict as assert } from "node:assert";
import type postgres from "postgres";
import type { RecordedEvent } from "../../functions/stripe-cryptlex/ledger.ts";
import { askLedger } from "../../tools/explain/explain_door.ts";
import { readQuestion } from "../../tools/explain/read_question.ts";
import { knownLicense } from "../stripe-cryptlex/builders/known_license.ts";
import { unread } from "./asked_again.ts";
import {
  applied,
  claimOf,
  databaseTest,
  failed,
  leaseSeconds,
  type LedgerDatabase,
  parked,
  recorded,
} from "./ledger_database.ts";

const start = new Date("2026-06-01T00:00:00Z");
const later = (seconds: number) => new Date(start.getTime() + seconds * 1000);

function asking(db: LedgerDatabase) {
  return (who: string, options: { details?: number; at?: Date } = {}) =>
    askLedger(db.client, readQuestion([who]), { details: 1, at: later(10), ...options });
}

/** An event of a customer's purchase, or with its own id of the customer itself. */
function bought(eventId: string, stripeIds: readonly string[], email: string): RecordedEvent {
  const event = recorded(eventId, stripeIds, email);
  const { reading } = event;
  assert.ok(reading.kind === "facts");
  return { ...event, reading: { ...reading, customerId: "cus_1" } };
}

const call = (action: string) => ({
  action,
  licenseId: "license-1",
  status: 200,
  ms: 5,
  error: null,
});

/** How often this connection read a growing table from end to end, and how many rows it wrote. */
async function touched(transaction: postgres.TransactionSql): Promise<unknown[]> {
  return [
    ...await transaction`
      select relname, seq_scan, n_tup_ins + n_tup_upd + n_tup_del as written
      from pg_stat_xact_user_tables
      where schemaname = 'licensing'
        and relname not in ('plans', 'customers', 'cryptlex_limit', 'stripe_access')
      order by relname`,
  ];
}

databaseTest("a purchase is found by all that names it", async (db, t) => {
  const ask = asking(db);
  const ledger = db.ledger(start);
  const done = async (event: RecordedEvent, at = start) => {
    const claim = claimOf(await db.ledger(at).record(event));
    await db.ledger(at).settle(claim, applied(claim, { state: claim.states[0] ?? assert.fail() }));
  };
  await done(bought("evt_sale", ["sub_1", "cs_1", "in_1"], "Ada@Example.com"));
  await done(bought("evt_more", ["pi_1"], "ada@work.example"), later(1));
  await done(bought("evt_customer", ["cus_1"], "ada@home.example"), later(2));
  await done(recorded("evt_bob", ["pi_2"], "bob@example.com"));

  const found = async (who: string) =>
    (await ask(who)).purchases.map(({ purchaseId }) => purchaseId);

  await t.step("by its id, a lesser one, an event of it", async () => {
    for (const who of ["sub_1", "cs_1", "in_1", "evt_sale"]) {
      assert.deepEqual(await found(who), ["sub_1"], who);
    }
  });

  await t.step("by its customer, the newest first, the customer itself last", async () => {
    assert.deepEqual(await found("cus_1"), ["pi_1", "sub_1", "cus_1"]);
    assert.deepEqual(await found("evt_customer"), ["cus_1"]);
  });

  await t.step("by an e-mail address of its own or its customer's, in any case", async () => {
    assert.deepEqual(await found("ada@EXAMPLE.com"), ["sub_1"]);
    assert.deepEqual(await found("ADA@home.example"), ["pi_1", "sub_1", "cus_1"]);
    assert.deepEqual(await found("a@example.com"), []);
  });

  await t.step("as many in full as were asked for", async () => {
    const details = async (details: number) =>
      (await ask("cus_1", { details })).details.map(({ claim }) => claim.purchaseId);
    assert.deepEqual(await details(1), ["pi_1"]);
    assert.deepEqual(await details(20), ["pi_1", "sub_1", "cus_1"]);
  });

  await t.step("and nothing is told of anybody else, nor any payload", async () => {
    const { data } = await db.client.rpc("explain_purchases", {
      request: JSON.stringify({ id: "cus_1", details: 20 }),
    });
    const text = JSON.stringify(data);
    assert.ok(text.includes("Ada@Example.com"));
    assert.doesNotMatch(text, /bob@|pi_2|evt_bob|"payload"/);
  });

  await t.step("what nobody told of is not there", async () => {
    for (const who of ["sub_none", "evt_none", "cus_none", "%@example.com"]) {
      const { total, purchases, details, loose } = await ask(who);
      assert.deepEqual([total, purchases, details], [0, [], []]);
      assert.deepEqual(loose, who.includes("@") ? null : { total: 0, rows: [] });
    }
  });

  await t.step("an event without a purchase tells at least of itself", async () => {
    await ledger.record(unread("evt_unread", "parked"));
    const reading = { kind: "ignored", reason: "not paid", stripeIds: ["sub_new"] } as const;
    await ledger.record({ ...recorded("evt_failed", []), reading });
    const told = async (who: string) =>
      (await ask(who)).loose?.rows.map((one) => [one.eventId, one.status, one.isRead]);
    assert.deepEqual(await told("evt_unread"), [["evt_unread", "parked", false]]);
    assert.deepEqual(await told("sub_new"), [["evt_failed", "ignored", false]]);
  });
});

databaseTest("all that is known of a purchase is told at one look", async (db, t) => {
  const ask = asking(db);
  const detailOf = async (who: string, at?: Date) => {
    const { details: [detail] } = await ask(who, at && { at });
    return detail ?? assert.fail(`nothing is known of ${who}`);
  };
  const ledger = db.ledger(start);

  await t.step("its events, what came of them, its licenses and the calls made", async () => {
    const sale = claimOf(await ledger.record(recorded("evt_sale", ["pi_1", "cs_1"])));
    await ledger.settle(
      sale,
      applied(sale, {
        state: sale.states[0] ?? assert.fail(),
        licenses: [knownLicense()],
        actions: [call("create_user"), { ...call("create_license"), status: null, error: "hm" }],
      }),
    );
    const reading = { kind: "ignored", reason: "not paid", stripeIds: ["cs_1"] } as const;
    await ledger.record({ ...recorded("evt_about", []), reading });

    const { claim, events, actions } = await detailOf("pi_1");
    assert.deepEqual(claim.states[0]?.email?.value, "a@example.com");
    assert.deepEqual(claim.licenses, [knownLicense()]);
    assert.deepEqual(
      events.rows.map((one) => [one.eventId, one.status, one.outcome, one.isRead, one.hasPayload]),
      [["evt_about", "ignored", "not paid", false, true], [
        "evt_sale",
        "applied",
        "done",
        true,
        true,
      ]],
    );
    assert.deepEqual(
      actions.rows.map((one) => [one.action, one.status, one.error, one.eventIds]),
      [["create_user", 200, null, ["evt_sale"]], ["create_license", null, "hm", ["evt_sale"]]],
    );
    assert.deepEqual([events.total, actions.total], [2, 2]);
  });

  await t.step("those of what proved to be the same purchase, too", async () => {
    const better = claimOf(await ledger.record(recorded("evt_better", ["sub_1", "pi_1"])));
    await ledger.settle(better, applied(better, { actions: [call("renew_license")] }));
    const { claim, events, actions, createdAt } = await detailOf("cs_1");
    assert.equal(claim.purchaseId, "sub_1");
    assert.deepEqual(claim.licenses.length, 1);
    assert.deepEqual(
      events.rows.map(({ eventId }) => eventId),
      ["evt_about", "evt_better", "evt_sale"],
    );
    assert.deepEqual(actions.rows.map((one) => one.action), [
      "create_user",
      "create_license",
      "renew_license",
    ]);
    assert.deepEqual(createdAt, start);
  });

  await t.step("what it waits for, until when, and why", async () => {
    const working = claimOf(await ledger.record(recorded("evt_fails", ["sub_2"])));
    assert.deepEqual((await detailOf("sub_2")).leaseUntil, later(leaseSeconds));
    await ledger.settle(
      working,
      failed(working, {
        retrySeconds: 60,
        quietSeconds: 30,
        lookAgainSeconds: 3600,
        mustRead: true,
        pauseSeconds: 20,
      }),
    );
    const { claim, ...due } = await detailOf("evt_fails");
    assert.equal(claim.mustRead, true);
    assert.deepEqual(
      [due.attempts, due.lastError, due.leaseUntil, due.notBefore, due.nextAttemptAt],
      [1, "it failed", null, later(30), later(60)],
    );
    assert.deepEqual(due.lookAgainAt, later(3600));
    const { ledger: now, purchases } = await ask("sub_2");
    assert.deepEqual([now.now, now.pausedUntil], [later(10), later(20)]);
    assert.deepEqual(purchases.map(({ licenses, unsettled }) => [licenses, unsettled]), [[0, 1]]);
  });

  await t.step("of very many events the newest fifty, and none that is not settled", async () => {
    const old = claimOf(await db.ledger(later(21)).record(recorded("evt_parked", ["sub_3"])));
    await db.ledger(later(21)).settle(old, parked(old));
    await db.sql`
      insert into licensing.stripe_events (event_id, status, event_type, livemode, event_created_at,
        received_at, settled_at, purchase_id)
      select 'evt_' || n, 'ignored', 'invoice.paid', false, ${start}::timestamptz,
        ${start}::timestamptz + n * interval '1 minute', ${start}::timestamptz, 'sub_3'
      from generate_series(1, 70) n`;
    await db.sql`
      insert into licensing.license_actions (acted_at, action, purchase_id, status, ms, event_ids)
      select ${start}::timestamptz, 'renew_' || n, 'sub_3', 200, 1, '{}'
      from generate_series(1, 60) n`;
    const { events, actions } = await detailOf("sub_3");
    const ids = events.rows.map(({ eventId }) => eventId);
    assert.deepEqual([events.total, ids.length, ids[0]], [71, 50, "evt_parked"]);
    assert.deepEqual([ids[1], ids.at(-1)], ["evt_22", "evt_70"]);
    assert.deepEqual([actions.total, actions.rows.length], [60, 50]);
    assert.deepEqual([actions.rows[0]?.action, actions.rows.at(-1)?.action], [
      "renew_11",
      "renew_60",
    ]);
  });
});

databaseTest("asked by id, no table is read from end to end, and nothing changes", async (db) => {
  await db.sql`
    insert into licensing.purchases (purchase_id, state, customer_id, created_at, updated_at)
    select 'sub_' || n, '[{"email": {"value": "a@example.com"}}]', 'cus_' || n, now(), now()
    from generate_series(1, 50000) n`;
  await db.sql`
    insert into licensing.purchase_links (stripe_id, purchase_id)
    select 'cs_' || n, 'sub_' || n from generate_series(1, 50000) n`;
  await db.sql`
    insert into licensing.stripe_events (event_id, status, event_type, livemode, event_created_at,
      received_at, settled_at, purchase_id)
    select 'evt_' || n, 'applied', 'invoice.paid', false, now(), now(), now(), 'sub_' || n
    from generate_series(1, 50000) n`;
  await db.sql`
    insert into licensing.license_actions (acted_at, action, purchase_id, status, ms, event_ids)
    select now(), 'create_user', 'sub_' || n, 200, 1, '{}' from generate_series(1, 50000) n`;
  await db.sql`
    insert into licensing.licenses (license_id, purchase_id, slot, origin, perpetual, revoked,
      suspended, cryptlex_product_id, mapped_by, created_at, updated_at)
    select 'license-' || n, 'sub_' || n, 'p/1', 'created', true, false, false, 'p', 'setting',
      now(), now()
    from generate_series(1, 50000) n`;
  await db.sql`analyze`;

  for (const id of ["sub_7", "cs_7", "evt_7", "cus_7", "sub_none", "evt_none"]) {
    await db.sql.begin(async (transaction) => {
      await transaction`set local role service_role`;
      const request = JSON.stringify({ id, details: 20 });
      const before = await touched(transaction);
      const [row] = await transaction`select public.explain_purchases(${request}) as answer`;
      assert.equal(row?.["answer"].total, id.endsWith("none") ? 0 : 1);
      assert.deepEqual(await touched(transaction), before, id);
    });
  }
});
