import assert from "node:assert/strict";
import postgres from "postgres";
import { fillLedger } from "../../../../tools/bench/growth/fill_ledger.ts";
import { applyMigrations } from "../../../../tools/local_stack/apply_migrations.ts";
import { startPostgres } from "../../../../tools/local_stack/postgres.ts";
import { dumpSchema } from "../../../../tools/local_stack/schema_dump.ts";

Deno.test({
  name: "a filled ledger has years of events and all that goes with them, and the same schema",
  sanitizeOps: false,
  sanitizeResources: false,
  async fn() {
    const server = await startPostgres();
    const url = server.url(await server.createDatabase());
    await applyMigrations(url, new URL("../../../../supabase/migrations/", import.meta.url));
    const schema = await dumpSchema(url);
    const sql = postgres(url, { max: 1, onnotice: () => {} });
    try {
      await fillLedger(sql, { events: 2000, payload: { id: "evt_1" } });
      const [counts] = await sql`select
        (select count(*)::integer from licensing.stripe_events) as events,
        (select count(*)::integer from licensing.purchases) as purchases,
        (select count(*)::integer from licensing.purchase_links) as links,
        (select count(*)::integer from licensing.license_actions) as actions,
        (select count(*)::integer from licensing.licenses l
          join licensing.purchases p using (purchase_id)
          join licensing.customers c on c.stripe_customer_id = p.customer_id
          where c.user_id = l.user_id) as licenses,
        (select count(*)::integer from licensing.stripe_events e
          join licensing.purchases p using (purchase_id, customer_id)) as known,
        (select count(*)::integer from licensing.stripe_events e
          where (payload is not null) = (settled_at > now() - interval '90 days')) as kept`;
      const [events, purchases] = [2000, 200];
      assert.deepEqual(counts, {
        events,
        purchases,
        links: events + purchases,
        actions: events,
        licenses: purchases,
        known: events,
        kept: events,
      });
      assert.equal(await dumpSchema(url), schema);
    } finally {
      await sql.end();
      await server.stop();
    }
  },
});
