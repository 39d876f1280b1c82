// deno task bench:growth: how long the ledger's functions take, the more it remembers.

import { percentile } from "./bench/percentile.ts";
import { runBench } from "./bench/growth/run_bench.ts";
import { runCommand, UsageError } from "./run_command.ts";
import { alignColumns } from "./table.ts";
import { print, printError } from "./terminal.ts";

const help = `Usage: deno task bench:growth [options]

Starts a PostgreSQL of its own, fills databases with settled events as years of sales leave them, and
measures the ledger's functions on each in turn: one call after the other, over loopback. The server
does not wait for its disk: what counts is how the figures differ.

  --events N,N,…  settled events to measure at (0,100000,1000000)
  --rounds N      calls of each function at each (1000)

Exit code: 0 when all was measured.`;

const options = {
  events: { type: "string", default: "0,100000,1000000" },
  rounds: { type: "string", default: "1000" },
} as const;

async function run({ values }: { values: { events: string; rounds: string } }): Promise<number> {
  const levels = values.events.split(",").map((text) => count("events", text));
  const rounds = count("rounds", values.rounds);
  if (rounds === 0) throw new UsageError("--rounds must be above 0");

  const took = await runBench({ levels, rounds, onProgress: printError });
  const rows = [["settled events", "ms", "record", "claim_due", "settle"]];
  for (const [events, { record, claim_due, settle }] of took) {
    for (const [name, share] of [["p50", 0.5], ["p95", 0.95]] as const) {
      const figures = [record, claim_due, settle].map((ms) => percentile(ms, share).toFixed(2));
      rows.push([String(events), name, ...figures]);
    }
  }
  for (const line of alignColumns(rows)) print(line);
  return 0;
}

/** @throws {UsageError} */
function count(name: string, text: string): number {
  const number = Number(text);
  if (/^\d+$/.test(text) && Number.isSafeInteger(number)) return number;
  throw new UsageError(`--${name} is not a whole number: ${text}`);
}

Deno.exit(await runCommand({ help, options, run }, Deno.args));
