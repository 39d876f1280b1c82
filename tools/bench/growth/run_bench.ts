// A bench run: databases filled to different sizes, and measured in turns, so that whatever else the
// machine does slows all alike.

import postgres from "postgres";
import { createLedger } from "../../../functions/stripe-cryptlex/create_ledger.ts";
import type { Ledger } from "../../../functions/stripe-cryptlex/ledger.ts";
import { createEndings, type Endings } from "../../endings.ts";
import { applyMigrations } from "../../local_stack/apply_migrations.ts";
import { type PostgresServer, startPostgres } from "../../local_stack/postgres.ts";
import { postgresRpc } from "../../local_stack/postgres_rpc.ts";
import { fillLedger, samplePayload } from "./fill_ledger.ts";
import { type Latencies, measureDoors } from "./measure_doors.ts";

export type BenchOptions = {
  /** How many settled events to measure at. */
  readonly levels: readonly number[];
  /** Calls of each function at each, to the next hundred. */
  readonly rounds: number;
  /** Hears of what is done, line by line. */
  readonly onProgress: (line: string) => void;
};

type Database = { readonly sql: postgres.Sql; readonly ledger: Ledger };

const migrationsFolder = new URL("../../../supabase/migrations/", import.meta.url);

/** Calls at a time; the first turn does not count: plans are made, caches filled. */
const mostATurn = 100;

/** What each level took. Nothing is kept. */
export async function runBench(options: BenchOptions): Promise<Map<number, Latencies>> {
  const { levels, rounds, onProgress } = options;
  const endings = createEndings();
  try {
    const server = await startPostgres();
    endings.add(server.stop);
    const databases = new Map<number, Database>();
    for (const level of levels) {
      databases.set(level, await filledDatabase(level, { server, endings, onProgress }));
    }

    const took = new Map(levels.map((level) => [level, none]));
    let seed = 0;
    const roundsATurn = Math.min(rounds, mostATurn);
    const turns = Math.ceil(rounds / roundsATurn);
    for (let turn = 0; turn <= turns; turn++) {
      for (const [level, { sql, ledger }] of databases) {
        // As autovacuum does: the plans for an empty table are not those for a full one.
        await sql`vacuum analyze`;
        const turnTook = await measureDoors(ledger, { rounds: roundsATurn, seed: ++seed });
        if (turn > 0) took.set(level, together(took.get(level) ?? none, turnTook));
      }
      onProgress(`measured ${turn * roundsATurn} of ${turns * roundsATurn} calls`);
    }
    return took;
  } finally {
    await endings.run();
  }
}

async function filledDatabase(
  level: number,
  { server, endings, onProgress }: Pick<BenchOptions, "onProgress"> & {
    readonly server: PostgresServer;
    readonly endings: Endings;
  },
): Promise<Database> {
  const url = server.url(await server.createDatabase());
  await applyMigrations(url, migrationsFolder);
  const sql = postgres(url, { max: 1, onnotice: () => {} });
  endings.add(() => sql.end());
  await fillLedger(sql, {
    events: level,
    payload: samplePayload(),
    onProgress: (events) => onProgress(`filled ${events} of ${level} events`),
  });
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

const none: Latencies = { record: [], claim_due: [], settle: [] };

function together(a: Latencies, b: Latencies): Latencies {
  return {
    record: [...a.record, ...b.record],
    claim_due: [...a.claim_due, ...b.claim_due],
    settle: [...a.settle, ...b.settle],
  };
}
