// Who may do what: the function's role through the doors, and nobody else anything.

import { strict as assert } from "node:assert";
import { databaseTest } from "./ledger_database.ts";

databaseTest("anon and authenticated can read and execute nothing of ours", async (db, t) => {
  const tables = (await db.sql`
    select c.oid::regclass::text as name from pg_class c
    where c.relnamespace = 'licensing'::regnamespace and c.relkind in ('r', 'v', 'm', 'p')`)
    .map((row) => String(row["name"]));
  const functions = await db.sql`
    select p.oid::regprocedure::text as name, p.pronamespace::regnamespace::text as schema,
      p.proconfig as config, p.prosecdef as definer, p.prorettype = 'trigger'::regtype as is_trigger
    from pg_proc p where p.pronamespace = 'licensing'::regnamespace
      or p.oid::regproc::text ~ '^(public\\.)?(record_stripe_event|claim_due_purchase|settle_purchase|licensing_health|announce_function|replay_stripe_events|preview_replay|explain_purchases|diagnose|rehearsed_purchases|preview_purchases|reconcile_purchase|list_customers|claim_alert|settle_alert|claim_license_keys|settle_license_keys)$'`;

  await t.step("there are tables and doors to ask about", () => {
    assert.ok(tables.length >= 8);
    assert.ok(functions.filter((row) => row["schema"] === "public").length >= 7);
  });

  for (const role of ["anon", "authenticated"]) {
    await t.step(`${role} has no privilege on schema, tables or functions`, async () => {
      const [usage] = await db
        .sql`select has_schema_privilege(${role}, 'licensing', 'usage') as may`;
      assert.equal(usage?.["may"], false);
      for (const table of tables) {
        const [row] = await db.sql`
          select has_table_privilege(${role}, ${table}, 'select, insert, update, delete, truncate') as may`;
        assert.equal(row?.["may"], false, table);
      }
      for (const { name } of functions) {
        const [row] = await db
          .sql`select has_function_privilege(${role}, ${name}, 'execute') as may`;
        assert.equal(row?.["may"], false, name);
      }
    });

    await t.step(`${role} is refused in deed`, async () => {
      for (
        const statement of [
          "select * from licensing.stripe_events",
          "select public.record_stripe_event('{}')",
          "select public.claim_due_purchase('{}')",
          "select public.settle_purchase('{}')",
          "select public.licensing_health('{}')",
          "select public.announce_function('{}')",
          "select public.replay_stripe_events('{}')",
          "select public.preview_replay('{}')",
          "select public.explain_purchases('{}')",
          "select public.diagnose('{}')",
          "select public.rehearsed_purchases('{}')",
          "select public.claim_alert('{}')",
          "select public.settle_alert('{}')",
          "select public.claim_license_keys('{}')",
          "select public.settle_license_keys('{}')",
          "select public.preview_purchases('{}')",
          "select public.reconcile_purchase('{}')",
          "select public.list_customers('{}')",
        ]
      ) {
        const attempt = db.sql.begin(async (transaction) => {
          await transaction.unsafe(`set local role ${role}`);
          await transaction.unsafe(statement);
        });
        await assert.rejects(attempt, { code: "42501" }, statement);
      }
    });
  }

  await t.step(
    "service_role can neither delete, nor change the audit trail or the plans",
    async () => {
      for (
        const [table, privilege] of [
          ["licensing.stripe_events", "delete"],
          ["licensing.license_actions", "update"],
          ["licensing.plans", "update"],
        ] as const
      ) {
        const [row] = await db
          .sql`select has_table_privilege('service_role', ${table}, ${privilege}) as may`;
        assert.equal(row?.["may"], false, `${table} ${privilege}`);
      }
    },
  );

  await t.step("every table has row level security, and everything a comment", async () => {
    const bare = await db.sql`
      select c.oid::regclass::text as name from pg_class c
      where c.relnamespace = 'licensing'::regnamespace and c.relkind = 'r'
        and not c.relrowsecurity
      union all
      select c.oid::regclass::text from pg_class c
      where c.relnamespace = 'licensing'::regnamespace and c.relkind in ('r', 'v')
        and obj_description(c.oid, 'pg_class') is null
      union all
      select format('%s.%s', a.attrelid::regclass, a.attname) from pg_attribute a
      join pg_class c on c.oid = a.attrelid
      where c.relnamespace = 'licensing'::regnamespace and c.relkind in ('r', 'v') and a.attnum > 0
        and not a.attisdropped and col_description(a.attrelid, a.attnum) is null
      union all
      select p.oid::regprocedure::text from pg_proc p
      where p.oid = any (${functions.map((row) => String(row["name"]))}::regprocedure[])
        and obj_description(p.oid, 'pg_proc') is null`;
    assert.deepEqual(bare.map((row) => row["name"]), []);
  });

  await t.step("views are read with the reader's own rights, and by service_role", async () => {
    const views = await db.sql`
      select c.relname, c.reloptions, has_table_privilege('service_role', c.oid, 'select') as may,
        has_table_privilege('service_role', c.oid, 'insert, update, delete') as may_more
      from pg_class c where c.relnamespace = 'licensing'::regnamespace and c.relkind = 'v'`;
    assert.ok(views.length >= 3);
    for (const { relname, reloptions, may, may_more } of views) {
      assert.deepEqual(
        [reloptions, may, may_more],
        [["security_invoker=true"], true, false],
        relname,
      );
    }
  });

  await t.step("every function pins an empty search path, and but one runs as its caller", () => {
    // The one tells of jobs that only who scheduled them sees; it changes nothing.
    const asOwner = "licensing.schedule_state(timestamp with time zone)";
    for (const { name, config, definer } of functions) {
      assert.ok(config?.includes('search_path=""'), name);
      assert.equal(definer, name === asOwner, name);
    }
  });
});
