// Today's totals, and that none of the views reads what is long settled.

import { strict as assert } from "node:assert";
import { databaseTest } from "./ledger_database.ts";

databaseTest("the views read today and what is open, not what is long settled", async (db, t) => {
  await t.step("licensing.totals_of_today counts from midnight UTC", async () => {
    // Inside one transaction it is always the same moment, also just before midnight.
    await db.sql.begin(async (sql) => {
      await sql`set local timezone = 'America/Los_Angeles'`;
      const event = (name: string, status: string, since: string) =>
        sql.unsafe(`insert into licensing.stripe_events
        (event_id, status, event_type, purchase_id, livemode, event_created_at, received_at,
          settled_at)
        select 'evt_${name}', '${status}', 'x', 'sub_1', true, at, at,
          case when '${status}' in ('applied', 'ignored') then now() end
        from (select date_trunc('day', now(), 'UTC') + interval '${since}' as at) t`);
      const call = (action: string, status: number | null, since = "0 s", license = "license-1") =>
        sql.unsafe(`insert into licensing.license_actions
        (acted_at, action, license_id, purchase_id, status, ms, event_ids)
        values (date_trunc('day', now(), 'UTC') + interval '${since}', '${action}', '${license}',
          'sub_1', ${status}, 1, '{}')`);
      await sql`insert into licensing.purchases (purchase_id, created_at, updated_at)
      values ('sub_1', now(), now())`;
      for (const [license, is] of [["license-1", false], ["license-2", true]] as const) {
        await sql`insert into licensing.licenses (license_id, purchase_id, slot, origin, perpetual,
          suspended, revoked, cryptlex_product_id, mapped_by, created_at, updated_at)
        values (${license}, 'sub_1', ${license}, 'created', true, ${is}, ${is}, 'p', 'plan',
          now(), now())`;
      }
      for (
        const [status, count] of [["applied", 4], ["ignored", 3], ["parked", 2], ["pending", 1]]
      ) {
        for (let n = 0; n < Number(count); n++) await event(`${status}${n}`, `${status}`, "0 s");
        await event(`${status}_yesterday`, `${status}`, "-1 s");
      }
      await call("create_license", 201);
      await call("create_license", 201, "0 s", "license-2");
      await call("create_license", 400);
      await call("create_license", null);
      await call("create_license", 201, "-1 s");
      await call("renew_license", 200);
      await call("renew_license", 404);
      await call("set_expires_at", 200);
      // Twice and still so; and undone since; never.
      for (const action of ["revoke_license", "suspend_license"]) {
        await call(action, 200, "0 s", "license-2");
        await call(action, 200, "0 s", "license-2");
        await call(action, 200);
        await call(action, 404, "0 s", "license-2");
      }
      for (const action of ["unrevoke_license", "unsuspend_license", "update_license"]) {
        await call(action, 200, "0 s", "license-2");
      }

      const [{ day, ...totals } = {}] = await sql`select * from licensing.totals_of_today`;
      const [{ today } = {}] = await sql`select (now() at time zone 'UTC')::date as today`;
      assert.deepEqual(day, today);
      const figures = Object.fromEntries(Object.entries(totals).map(([k, v]) => [k, Number(v)]));
      assert.deepEqual(figures, {
        received: 10,
        applied: 4,
        ignored: 3,
        parked: 2,
        pending: 1,
        licenses_created: 2,
        licenses_renewed: 1,
        licenses_suspended: 1,
        licenses_ended: 1,
        dates_set: 1,
        calls: 18,
        refused_calls: 4,
        unanswered_calls: 1,
      });
    });
  });

  await db.sql.unsafe(`
    insert into licensing.purchases (purchase_id, customer_id, created_at, updated_at)
    select 'sub_p' || i, 'cus_' || i, now(), now() from generate_series(1, 5000) i;
    insert into licensing.stripe_events (event_id, status, event_type, purchase_id, livemode,
      event_created_at, received_at, settled_at)
    select 'evt_' || i, 'applied', 'invoice.paid', 'sub_p' || i % 5000 + 1, true, now(),
      now() - i * interval '1 hour', now() from generate_series(1, 30000) i;
    insert into licensing.license_actions (acted_at, action, purchase_id, status, ms, event_ids)
    select now() - (30000 - i) * interval '1 hour', 'renew_license', 'sub_p' || i % 5000 + 1, 200, 1,
      '{}' from generate_series(1, 30000) i;
    update licensing.stripe_events set status = 'parked' where event_id = 'evt_7';
    update licensing.stripe_events set status = 'pending' where event_id = 'evt_8';
    analyze licensing.stripe_events, licensing.purchases, licensing.license_actions;`);
  const large = ["stripe_events", "purchases", "license_actions"];
  const [late] = await db.sql`select prosrc from pg_proc where proname = 'late_events'`;
  const queries = {
    "the stuck ones": "select * from licensing.stuck",
    "today's totals": "select * from licensing.totals_of_today",
    "one customer's": "select * from licensing.done_for_customers where customer_id = 'cus_9'",
    "one purchase's": "select * from licensing.done_for_customers where purchase_id = 'sub_p9'",
    // A function's plan is not shown, its text's is.
    "the late ones": String(late?.["prosrc"]).replaceAll(/\bat\b/g, "now()"),
  };
  for (const [name, query] of Object.entries(queries)) {
    await t.step(name, async () => {
      const rows = await db.sql.unsafe(`explain (costs off) ${query}`);
      const plan = rows.map((row) => row["QUERY PLAN"]).join("\n");
      for (const table of large) assert.doesNotMatch(plan, new RegExp(`Seq Scan on ${table}`));
    });
  }

  await t.step("a query without an index would be seen", async () => {
    const rows = await db.sql`explain (costs off)
      select from licensing.stripe_events where event_type = 'x'`;
    assert.match(rows.map((row) => row["QUERY PLAN"]).join("\n"), /Seq Scan on stripe_events/);
  });
});
