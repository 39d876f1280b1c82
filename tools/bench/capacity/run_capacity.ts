// A capacity run: the flood is filled in, and simulated at its beginning, in its middle and near its
// end, as far on as the model says.

import postgres from "postgres";
import { createSeededRandom } from "../../chaos/seeded_random.ts";
import { createEndings } from "../../endings.ts";
import { applyMigrations } from "../../local_stack/apply_migrations.ts";
import { startPostgres } from "../../local_stack/postgres.ts";
import { postgresRpc } from "../../local_stack/postgres_rpc.ts";
import { createStripeShop } from "../../stripe_sandbox/stripe_shop.ts";
import { fillFlood } from "./flood.ts";
import { capacityOf, type Load } from "./model.ts";
import { createSimulatedFunction } from "./simulated_function.ts";
import { simulateStretch, type Stretch } from "./stretch.ts";

export type CapacityOptions = Load & {
  /** How long each stretch is, simulated. */
  readonly seconds: number;
  readonly rush: number;
  readonly seed: number;
  readonly onProgress: (line: string) => void;
};

/** Where in the flood, and what was seen there. */
export type Seen = Stretch & {
  readonly where: "beginning" | "middle" | "end";
  /** So many wait no more. */
  readonly from: number;
  /** Since the renewals were paid, by the model. */
  readonly atHours: number;
};

const migrations = new URL("../../../supabase/migrations/", import.meta.url);

/** Nothing is kept. */
export async function runCapacity(options: CapacityOptions): Promise<Seen[]> {
  const { purchases, seconds, onProgress } = options;
  const { renewalsPerSecond } = capacityOf(options);
  const endings = createEndings();
  try {
    const server = await startPostgres();
    endings.add(server.stop);
    const url = server.url(await server.createDatabase());
    await applyMigrations(url, migrations);
    const sql = postgres(url, { max: 1, onnotice: () => {} });
    endings.add(() => sql.end());
    const connection = { role: "service_role" };
    const doors = postgres(url, { max: 25, onnotice: () => {}, connection });
    endings.add(() => doors.end());
    const flood = await fillFlood(sql, options);

    const places = [
      ["beginning", 0],
      ["middle", Math.floor(purchases / 2)],
      ["end", Math.max(0, purchases - Math.floor(renewalsPerSecond * seconds * 0.9))],
    ] as const;
    const seen: Seen[] = [];
    for (const [where, from] of places) {
      if (from > 0) await flood.skipTo(from);
      const passedMs = from / renewalsPerSecond * 1000;
      const start = new Date(flood.paidAt.getTime() + 1000 + passedMs);
      // As a flood leaves it.
      await sql`update licensing.cryptlex_limit set
        fresh_calls = 0, older_calls = 0, refilled_at = ${start}`;
      const latencyMs = options.latencySeconds * 1000;
      const fn = createSimulatedFunction(postgresRpc(doors), { ...options, start, latencyMs });
      const seed = options.seed * 10 + seen.length;
      const stretch = await simulateStretch(fn, {
        ...options,
        flood,
        from,
        shop: createStripeShop({ seed, now: start }),
        random: createSeededRandom(seed, "buyers"),
      });
      seen.push({ ...stretch, where, from, atHours: passedMs / 3_600_000 });
      onProgress(`simulated ${seconds} s at the ${where}: ${stretch.renewals} renewals`);
    }
    return seen;
  } finally {
    await endings.run();
  }
}
