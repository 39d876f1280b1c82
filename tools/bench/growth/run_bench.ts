// A bench run: databases filled to different sizes, and measured in turns, so that whatever else the
// machine does slows all alike.

import postgres from "postgres";
import { createLedger } from "../../../functions/stripe-cryptlex/create_ledger.ts";
import type { Ledger } from "../../../functions/stripe-cryptlex/ledger.ts";
import { createEndings, type Endings } from "../../endings.ts";
import { applyMigrations } from "../../local_stack/apply_migrations.ts";
import { type PostgresServer, startPostgres } from "../../local_stack/postgres.ts";
import { postgresRpc } from "../../local_stack/postgres_rpc.ts";
import { type Growth, type GrowthRow, sharesOfEach } from "./figures.ts";
import { fillInFlight } from "./fill_in_flight.ts";
import { fillLedger, samplePayload } from "./fill_ledger.ts";
import { measureDoors } from "./measure_doors.ts";
import { measureRenewals, type Renewals } from "./measure_renewals.ts";
import { type Latencies, none, together } from "./stopwatch.ts";

export type BenchOptions = {
  /** How many settled events to measure at. */
  readonly levels: readonly number[];
  /** How many purchases in flight beside the one that is measured. */
  readonly inFlight: readonly number[];
  /** How often a purchase has been renewed that is renewed. */
  readonly months: readonly number[];
  /** Calls of each function at each, to the next hundred. */
  readonly rounds: number;
  /** Hears of what is done, line by line. */
  readonly onProgress: (line: string) => void;
};

type Measure = (ledger: Ledger, of: { rounds: number; seed: number }) => Promise<Measures>;
type Measures = { readonly took: Latencies; readonly stateBytes?: number };

/** What grows, how far it has grown, and how what it costs is measured there. */
type Situation = Pick<GrowthRow, "of" | "count"> & {
  readonly events: number;
  readonly fill?: (sql: postgres.Sql) => Promise<void>;
  readonly measure: Measure;
};

type Server = { readonly server: PostgresServer; readonly endings: Endings };

const migrationsFolder = new URL("../../../supabase/migrations/", import.meta.url);

/** Calls at a time; the first turn does not count: plans are made, caches filled. */
const mostATurn = 100;

/** What each situation took. Nothing is kept. */
export async function runBench(options: BenchOptions): Promise<Growth> {
  const { rounds, onProgress } = options;
  const endings = createEndings();
  try {
    const server = await startPostgres();
    endings.add(server.stop);
    const databases = [];
    for (const situation of situationsOf(options)) {
      const database = await filledDatabase(situation, { server, endings, onProgress });
      databases.push({ situation, ...database, measures: { took: none } as Measures });
    }
    let seed = 0;
    const roundsATurn = Math.min(rounds, mostATurn);
    const turns = Math.ceil(rounds / roundsATurn);
    for (let turn = 0; turn <= turns; turn++) {
      for (const one of databases) {
        // As autovacuum does: the plans for an empty table are not those for a full one.
        await one.sql`vacuum analyze`;
        const of = { rounds: roundsATurn, seed: ++seed };
        const measures = await one.situation.measure(one.ledger, of);
        if (turn > 0) {
          one.measures = { ...measures, took: together(one.measures.took, measures.took) };
        }
      }
      onProgress(`measured ${turn * roundsATurn} of ${turns * roundsATurn} calls`);
    }
    return {
      rows: databases.map(({ situation: { of, count }, measures: { took, ...rest } }) => ({
        ...{ of, count, ms: sharesOfEach(took) },
        ...rest,
      })),
    };
  } finally {
    await endings.run();
  }
}

/** What stands beside many events is measured among the fewest that are any. */
function situationsOf({ levels, inFlight, months }: BenchOptions): Situation[] {
  const doors: Measure = async (ledger, of) => ({ took: await measureDoors(ledger, of) });
  const renewals =
    (months: number) => (ledger: Ledger, of: { rounds: number; seed: number }): Promise<Renewals> =>
      measureRenewals(ledger, { ...of, months });
  const few = Math.min(...levels.filter((level) => level > 0), Math.max(0, ...levels));
  return [
    ...levels.map((count) => ({
      ...{ of: "settled events" as const, count, events: count, measure: doors },
    })),
    ...inFlight.map((count) => ({
      ...{ of: "in flight" as const, count, events: few, measure: doors },
      fill: (sql: postgres.Sql) => fillInFlight(sql, count),
    })),
    ...months.map((count) => ({
      ...{ of: "months renewed" as const, count, events: few, measure: renewals(count) },
    })),
  ];
}

async function filledDatabase(
  { events, fill }: Situation,
  { server, endings, onProgress }: Server & Pick<BenchOptions, "onProgress">,
): Promise<{ sql: postgres.Sql; ledger: Ledger }> {
  const url = server.url(await server.createDatabase());
  await applyMigrations(url, migrationsFolder);
  const sql = postgres(url, { max: 1, onnotice: () => {} });
  endings.add(() => sql.end());
  await fillLedger(sql, {
    events,
    payload: samplePayload(),
    onProgress: (filled) => onProgress(`filled ${filled} of ${events} events`),
  });
  await fill?.(sql);
  const doors = postgres(url, {
    max: 1,
    onnotice: () => {},
    connection: { role: "service_role" },
  });
  endings.add(() => doors.end());
  // Nothing waits for calls to Cryptlex: none is made.
  const rate = { calls: 1_000_000, seconds: 1 };
  const ledger = createLedger(postgresRpc(doors), { leaseSeconds: 100, recordOnly: false, rate });
  return { sql, ledger };
}
