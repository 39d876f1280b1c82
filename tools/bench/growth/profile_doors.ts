// Where an event's time goes in the database: PostgreSQL's own count for each of our functions, while
// sales are recorded and settled, and as many events inserted and nothing more.

import postgres from "postgres";
import { createLedger } from "../../../functions/stripe-cryptlex/create_ledger.ts";
import { readEvent } from "../../../functions/stripe-cryptlex/read_event.ts";
import { createEndings } from "../../endings.ts";
import { applyMigrations } from "../../local_stack/apply_migrations.ts";
import { startPostgres } from "../../local_stack/postgres.ts";
import { postgresRpc } from "../../local_stack/postgres_rpc.ts";
import { createStripeShop } from "../../stripe_sandbox/stripe_shop.ts";
import { claimed, settlement } from "./settlement.ts";

/** What one function took, milliseconds a sale: with what it calls, and by itself. */
export type FunctionTime = {
  readonly name: string;
  readonly callsEach: number;
  readonly totalMs: number;
  readonly selfMs: number;
};

const migrationsFolder = new URL("../../../supabase/migrations/", import.meta.url);
const bareInsert = new URL("../bare_insert.sql", import.meta.url);

/** Sells that often, after as many sales that do not count; the longest first. Counting takes a little of it. */
export async function profileDoors({ rounds }: { rounds: number }): Promise<FunctionTime[]> {
  const endings = createEndings();
  try {
    const server = await startPostgres();
    endings.add(server.stop);
    const url = server.url(await server.createDatabase());
    await applyMigrations(url, migrationsFolder);
    // Only a superuser may have functions counted, or begin to count anew.
    const admin = postgres(url, { max: 1, username: "supabase_admin", onnotice: () => {} });
    endings.add(() => admin.end());
    await admin.unsafe(await Deno.readTextFile(bareInsert)).simple();
    await admin`alter role authenticator set track_functions = 'all'`;
    const sql = postgres(url, {
      max: 1,
      onnotice: () => {},
      username: "authenticator",
      connection: { role: "service_role" },
    });
    endings.add(() => sql.end());
    const rate = { calls: 1_000_000, seconds: 1 };
    const ledger = createLedger(postgresRpc(sql), { leaseSeconds: 100, recordOnly: false, rate });

    const shop = createStripeShop({ now: new Date() });
    const price = { amount: 1900, interval: "month" } as const;
    for (let n = 0; n < 2 * rounds; n++) {
      if (n === rounds) {
        await tell(sql);
        await admin`select pg_stat_reset()`;
      }
      const event = shop.subscribe({ email: `ada${n}@example.com`, price }).firstInvoicePaid();
      const sold = claimed(await ledger.record({ ...readEvent(event), payload: event }));
      await ledger.settle(sold, settlement(sold, { isDone: true }));
      const request = JSON.stringify({ event_id: event.id, payload: event });
      await sql`select public.bench_insert(${request})`;
    }
    await tell(sql);
    const rows = await admin<{ name: string; calls: number; total: number; self: number }[]>`
      select funcname as name, calls::integer as calls, total_time as total, self_time as self
      from pg_stat_user_functions where calls > 0 order by self_time desc`;
    return rows.map(({ name, calls, total, self }) => ({
      name,
      callsEach: calls / rounds,
      totalMs: total / rounds,
      selfMs: self / rounds,
    }));
  } finally {
    await endings.run();
  }
}

/** What was counted on this connection so far is known to all. */
async function tell(sql: postgres.Sql): Promise<void> {
  await sql`select pg_stat_force_next_flush()`;
  // It is done before the next statement begins.
  await sql`select`;
}
