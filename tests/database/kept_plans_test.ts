// A connection that came when the project was empty keeps the plans of then, until the tables are
// analyzed: they must not read everything once there is much.

import { strict as assert } from "node:assert";
import { createLedger } from "../../functions/stripe-cryptlex/create_ledger.ts";
import { claimed, settlement } from "../../tools/bench/growth/settlement.ts";
import { applyMigrations } from "../../tools/local_stack/apply_migrations.ts";
import { startPostgres } from "../../tools/local_stack/postgres.ts";
import { postgresRpc } from "../../tools/local_stack/postgres_rpc.ts";
import { createStripeShop } from "../../tools/stripe_sandbox/stripe_shop.ts";
import { explainingConnection } from "./explained.ts";
import { received } from "./ledger_database.ts";

const many = 300;
const price = { amount: 1900, interval: "month" } as const;

Deno.test({
  name: "the three hundredth sale reads no more than the first, by the plans of the first",
  sanitizeOps: false,
  sanitizeResources: false,
  async fn() {
    const server = await startPostgres();
    try {
      const url = server.url(await server.createDatabase());
      await applyMigrations(url, new URL("../../supabase/migrations/", import.meta.url));
      const { sql, scans } = await explainingConnection(
        url.replace("postgres@", "supabase_admin@"),
      );
      try {
        // Nobody analyzes meanwhile.
        for (const table of ["stripe_events", "purchases", "purchase_links", "licenses"]) {
          await sql`alter table ${sql(`licensing.${table}`)} set (autovacuum_enabled = false)`;
        }
        await sql`set role service_role`;
        const rate = { calls: 1_000_000, seconds: 1 };
        const ledger = createLedger(postgresRpc(sql), {
          leaseSeconds: 100,
          recordOnly: false,
          rate,
        });
        const shop = createStripeShop({ now: new Date() });
        for (let n = 0; n < many; n++) {
          scans();
          const sale = shop.subscribe({ email: `ada${n}@example.com`, name: "Ada", price });
          const first = claimed(await ledger.record(received(sale.firstInvoicePaid())));
          await ledger.settle(first, settlement(first, { isDone: true }));
          const { left } = await ledger.record(received(sale.renewalPaid(1)), { claims: false });
          const fresh = claimed({ claim: await ledger.claimFresh(left ?? "") });
          await ledger.settle(fresh, settlement(fresh, { isDone: false }), { takes: "nothing" });
          const due = claimed(await ledger.claimDue({ ignoreBackoff: false }));
          await ledger.settle(due, settlement(due, { isDone: true }), { takes: "others" });
        }
        const last = scans();
        assert.ok(last.some(({ table }) => table === "purchases"), "what was read was seen");
        assert.deepEqual(last.filter(({ table, rows }) => table !== "" && rows >= many / 2), []);
      } finally {
        await sql.end();
      }
    } finally {
      await server.stop();
    }
  },
});
