// A database that is in use is brought up to date one migration at a time: nothing that is in it is
// lost, the doors that were open stay open, and at the end all of it is worked off.

import { strict as assert } from "node:assert";
import postgres from "postgres";
import { createLedger } from "../../functions/stripe-cryptlex/create_ledger.ts";
import type { Claim } from "../../functions/stripe-cryptlex/claim.ts";
import { type Ledger, LedgerError } from "../../functions/stripe-cryptlex/ledger.ts";
import { applyMigrations } from "../../tools/local_stack/apply_migrations.ts";
import { readMigrations } from "../../tools/local_stack/migrations.ts";
import { startPostgres } from "../../tools/local_stack/postgres.ts";
import { postgresRpc } from "../../tools/local_stack/postgres_rpc.ts";
import { askLedger } from "../../tools/explain/explain_door.ts";
import { readQuestion } from "../../tools/explain/read_question.ts";
import { knownLicense } from "../stripe-cryptlex/builders/known_license.ts";
import { unread } from "./asked_again.ts";
import { applied, claimOf, failed, leaseSeconds, parked, recorded } from "./ledger_database.ts";

const migrationsFolder = new URL("../../supabase/migrations/", import.meta.url);
const start = Date.parse("2026-06-01T00:00:00Z");
const day = 24 * 60 * 60 * 1000;

Deno.test({
  name: "a filled database is upgraded from the first migration to the last",
  sanitizeOps: false,
  sanitizeResources: false,
  async fn(t) {
    const migrations = await readMigrations(migrationsFolder);
    const sofar = await Deno.makeTempDir({ prefix: "upgrade-" });
    const server = await startPostgres();
    const url = server.url(await server.createDatabase());
    const sql = postgres(url, { max: 2, onnotice: () => {} });
    const doors = postgres(url, {
      max: 2,
      onnotice: () => {},
      connection: { role: "service_role" },
    });
    const client = postgresRpc(doors);
    const ledgerAt = (stage: number, { recordOnly = false } = {}): Ledger =>
      createLedger(client, {
        leaseSeconds,
        recordOnly,
        rate: { calls: 100_000, seconds: 5 },
        at: () => new Date(start + stage * day),
      });
    const answered = new Map<string, string[]>();
    let works = false;
    try {
      for (const [index, { file }] of migrations.entries()) {
        const stage = index + 1;
        await t.step(`${file} loses nothing and closes no door`, async () => {
          const before = await everyRow(sql);
          await Deno.copyFile(new URL(file, migrationsFolder), `${sofar}/${file}`);
          await applyMigrations(url, new URL(`file://${sofar}/`));
          assertKept(before, await everyRow(sql));
          await fillTables(sql, stage);
          await askDoors(client, { stage, answered });
          if (works || await opens(ledgerAt(stage), stage)) {
            works = true;
            await workThroughDoors(ledgerAt, stage);
          }
        });
      }

      await t.step("at the end every door is open", () => {
        assert.ok(works);
        assert.deepEqual([...answered.keys()].sort(), questions.map(([door]) => door).sort());
      });

      await t.step("at the end all that was left at any stage is worked off", async () => {
        const end = migrations.length + 1;
        await client.rpc("replay_stripe_events", {
          request: JSON.stringify({ parked: true }),
          at: new Date(start + end * day).toISOString(),
        });
        const claims = await drain(ledgerAt(end));
        const left = await sql`
          select event_id, status from licensing.stripe_events
          where status in ('pending', 'parked') and purchase_id is not null`;
        assert.deepEqual([...left], []);
        for (const died of claims.filter(({ purchaseId }) => /^sub_died/.test(purchaseId))) {
          assert.equal(died.mustRead, true, `${died.purchaseId}: its worker may have called`);
        }
        const stages = await sql<{ stage: string }[]>`
          select distinct substring(event_id from '\\d+$') as stage
          from licensing.stripe_events where event_id ~ '^evt_pending'`;
        assert.equal(stages.length, migrations.length);
        for (const { stage } of stages) {
          assert.ok(claims.some(({ purchaseId }) => purchaseId === `sub_pending${stage}`), stage);
        }
      });

      await t.step("at the end all that was done at any stage is to be seen", async () => {
        const at = new Date(start + (migrations.length + 2) * day);
        for (const stage of migrations.keys().map((index) => index + 1)) {
          const { details } = await askLedger(client, readQuestion([`sub_pending${stage}`]), {
            details: 1,
            at,
          });
          assert.equal(details[0]?.events.total, 4, `stage ${stage}`);
          if (stage === 1) continue;
          assert.deepEqual(
            details[0]?.claim.licenses.map(({ licenseId }) => licenseId),
            [`license-sql-${stage}`],
          );
          assert.equal(details[0]?.actions.total, 1);
        }
      });

      await t.step("at the end it is pruned as any other", async () => {
        await sql`select licensing.prune(${new Date(start + 900 * day)})`;
        const [row] = await sql`
          select count(payload)::int as payloads from licensing.stripe_events
          where status in ('applied', 'ignored')`;
        assert.equal(row?.["payloads"], 0);
      });
    } finally {
      await sql.end();
      await doors.end();
      await server.stop();
      await Deno.remove(sofar, { recursive: true });
    }
  },
});

type Row = Record<string, unknown>;
/** By table and primary key. */
type Rows = ReadonlyMap<string, Row>;

async function everyRow(sql: postgres.Sql): Promise<Rows> {
  const tables = await sql<{ name: string; key: string[] }[]>`
    select c.oid::regclass::text as name, array_agg(a.attname::text order by a.attnum) as key
    from pg_class c
    join pg_index i on i.indrelid = c.oid and i.indisprimary
    join pg_attribute a on a.attrelid = c.oid and a.attnum = any (i.indkey)
    where c.relnamespace = to_regnamespace('licensing') and c.relkind = 'r' group by c.oid`;
  const rows = new Map<string, Row>();
  for (const { name, key } of tables) {
    for (const { row } of await sql.unsafe(`select to_jsonb(t) as row from ${name} t`)) {
      rows.set(`${name} ${key.map((column) => row[column]).join(" ")}`, row);
    }
  }
  return rows;
}

/** Whatever is new beside it, each row is there with every value it had. */
function assertKept(before: Rows, after: Rows): void {
  for (const [key, row] of before) {
    const now = after.get(key);
    assert.ok(now !== undefined, `${key} is gone`);
    const same = Object.fromEntries(Object.keys(row).map((column) => [column, now[column]]));
    assert.deepEqual(same, row, key);
  }
}

/** Rows as they may be at this stage, in every table that is there by then. */
async function fillTables(sql: postgres.Sql, stage: number): Promise<void> {
  const at = new Date(start + stage * day);
  const purchase = `sub_pending${stage}`;
  await sql`
    insert into licensing.purchases ${
    sql([
      { purchase_id: purchase, customer_id: `cus_${stage}`, must_read: true, attempts: 2 },
      { purchase_id: `in_${stage}`, customer_id: null, must_read: false, attempts: 0 },
    ].map((row) => ({ ...row, created_at: at, updated_at: at })))
  }`;
  await sql`update licensing.purchases set joined_to = ${purchase} where purchase_id = ${`in_${stage}`}`;
  await sql`
    insert into licensing.purchase_links (stripe_id, purchase_id)
    values (${`in_${stage}`}, ${purchase}), (${purchase}, ${purchase})`;
  await sql`
    insert into licensing.customers (stripe_customer_id, user_id, created_at, updated_at)
    values (${`cus_${stage}`}, ${`user-${stage}`}, ${at}, ${at})`;
  for (const status of ["pending", "applied", "ignored", "parked"]) {
    await sql`
      insert into licensing.stripe_events ${
      sql({
        event_id: `evt_${status}${stage}`,
        status,
        event_type: "invoice.paid",
        purchase_id: purchase,
        customer_id: `cus_${stage}`,
        livemode: false,
        event_created_at: at,
        received_at: at,
        settled_at: ["applied", "ignored"].includes(status) ? at : null,
        last_error: status === "parked" ? "no such product" : null,
        payload: sql.json({ id: `evt_${status}${stage}` }),
      })
    }`;
  }
  const [has] = await sql`select to_regclass('licensing.licenses') is not null as licenses`;
  if (!has?.["licenses"]) return;
  await sql`
    insert into licensing.licenses ${
    sql({
      license_id: `license-sql-${stage}`,
      purchase_id: purchase,
      slot: "product-a/1",
      origin: "created",
      perpetual: false,
      revoked: false,
      suspended: false,
      cryptlex_product_id: "product-a",
      mapped_by: "plan",
      created_at: at,
      updated_at: at,
    })
  }`;
  await sql`
    insert into licensing.license_actions (acted_at, action, license_id, purchase_id, ms, event_ids)
    values (${at}, 'create_license', ${`license-sql-${stage}`}, ${purchase}, 5, '{evt_1}')`;
  await sql`
    insert into licensing.plans (stripe_id, cryptlex_product_id)
    values (${`price_${stage}`}, 'product-a')`;
}

/** What the tools and the function ask without doing anything. */
const questions: readonly (readonly [door: string, request: Row])[] = [
  ["licensing_health", {}],
  ["announce_function", { function_url: null, rehearsal: false }],
  ["claim_alert", {}],
  ["replay_stripe_events", { parked: true, dry_run: true }],
  ["preview_replay", { purchase_ids: ["sub_pending1"] }],
  ["explain_purchases", { id: "sub_pending1", details: 1 }],
  ["diagnose", {}],
  ["rehearsed_purchases", {}],
  ["claim_license_keys", { session_id: "cs_test_none" }],
  ["settle_license_keys", { actions: [], rate: { calls: 50, seconds: 5 } }],
];

/** Each answers, once it has, at every later stage, and with all that it ever answered with. */
async function askDoors(
  client: ReturnType<typeof postgresRpc>,
  { stage, answered }: { stage: number; answered: Map<string, string[]> },
): Promise<void> {
  for (const [door, request] of questions) {
    const { data, error } = await client.rpc(door, {
      request: JSON.stringify(request),
      at: new Date(start + stage * day).toISOString(),
    });
    const known = answered.get(door);
    // There is none of that name yet, or something it calls.
    if (known === undefined && ["42883", "42P01"].includes(error?.code ?? "")) continue;
    assert.equal(error, null, door);
    const keys = Object.keys(data ?? {});
    for (const key of known ?? []) assert.ok(keys.includes(key), `${door}: no ${key}`);
    answered.set(door, keys);
  }
}

/**
 * Whether the function can work on the ledger as it is by now: the first migrations are of one
 * version, and what one of them calls the next may make. Once it can, it must go on to.
 */
async function opens(ledger: Ledger, stage: number): Promise<boolean> {
  try {
    const claim = claimOf(
      await ledger.record(recorded(`evt_first${stage}`, [`sub_first${stage}`])),
    );
    return (await ledger.settle(claim, applied(claim), { takes: "nothing" })).settled;
  } catch (error) {
    const isNoFunction = error instanceof LedgerError && error.code === "42883";
    if (!isNoFunction) throw error;
    return false;
  }
}

/** Purchases in each state a function may leave them in when it is replaced. */
async function workThroughDoors(
  ledgerAt: (stage: number, options?: { recordOnly: boolean }) => Ledger,
  stage: number,
): Promise<void> {
  const ledger = ledgerAt(stage);
  const record = async (what: string, by = ledger) =>
    claimOf(await by.record(recorded(`evt_${what}${stage}`, [`sub_${what}${stage}`])));
  await record("died");
  await ledger.record(unread(`evt_unread${stage}`, "parked"));

  const done = await record("done");
  const { settled } = await ledger.settle(
    done,
    applied(done, {
      licenses: [knownLicense({ licenseId: `license-${stage}` })],
      customers: [{
        stripeCustomerId: `cus_done${stage}`,
        userId: `user-done${stage}`,
        userMadeByUs: true,
        wroteName: "Ada",
      }],
      actions: [{
        action: "create_license",
        licenseId: `license-${stage}`,
        status: 201,
        ms: 5,
        error: null,
      }],
    }),
    { takes: "nothing" },
  );
  assert.equal(settled, true);
  const stuck = await record("stuck");
  await ledger.settle(stuck, parked(stuck), { takes: "nothing" });
  const tried = await record("tried");
  await ledger.settle(tried, failed(tried, { quietSeconds: 30, lookAgainSeconds: 3600 }), {
    takes: "nothing",
  });
  const rehearsing = ledgerAt(stage, { recordOnly: true });
  const held = await record("held", rehearsing);
  const events = held.events.map(({ eventId }) => ({
    ...{ eventId, outcome: "would …", lastError: null },
    status: "pending" as const,
  }));
  await rehearsing.settle(held, applied(held, { events, mustRead: true }), { takes: "nothing" });
}

/** Works off all that is due, as if each went well. */
async function drain(ledger: Ledger): Promise<Claim[]> {
  const claims: Claim[] = [];
  for (;;) {
    const { claim } = await ledger.claimDue({ ignoreBackoff: true });
    if (claim === null) return claims;
    claims.push(claim);
    const done = applied(claim, { licenses: claim.licenses });
    assert.ok((await ledger.settle(claim, done, { takes: "nothing" })).settled);
  }
}
