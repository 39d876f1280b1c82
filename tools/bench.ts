// deno task bench: what an event costs, how soon it is answered, and how that grows.

import { type Figures, figuresSchema } from "./bench/figures.ts";
import { regressions } from "./bench/compare_figures.ts";
import { runFunctionBench } from "./bench/run_function_bench.ts";
import { showFigures } from "./bench/show_figures.ts";
import { runCommand, UsageError } from "./run_command.ts";
import { print, printError } from "./terminal.ts";

const help = `Usage: deno task bench [options]

Starts a PostgreSQL of its own, a Cryptlex sandbox that takes its time, the function as a process,
and beside it a bare one that only verifies and inserts. Sends both the same events in turns, and
shows what it measured: for each kind of event how soon it is acknowledged and licensed, what it
costs, a burst of sales, a cold start, the size as deployed.

Figures in milliseconds are this machine's. Ratios and counts are compared with those kept in
tools/bench/baseline.json: what is worse is named.

  --events N       events of each kind, one after the other (100)
  --burst N        sales of a burst, 25 at a time (500)
  --starts N       cold starts (9)
  --latency MS     how long Cryptlex takes to answer (100)
  --out FILE       write the figures there as JSON
  --baseline FILE  compare with these
  --help           show this

How the ledger's cost grows with what it remembers: deno task bench:growth.

Exit code: 0 when nothing is worse, 1 when something is, 2 when called wrongly.`;

const baseline = new URL("./bench/baseline.json", import.meta.url);

const options = {
  events: { type: "string", default: "100" },
  burst: { type: "string", default: "500" },
  starts: { type: "string", default: "9" },
  latency: { type: "string", default: "100" },
  out: { type: "string" },
  baseline: { type: "string" },
} as const;

type Values = {
  events: string;
  burst: string;
  starts: string;
  latency: string;
  out?: string;
  baseline?: string;
};

async function run({ values }: { values: Values }): Promise<number> {
  const figures = await runFunctionBench({
    events: count("events", values.events),
    burst: count("burst", values.burst),
    starts: count("starts", values.starts),
    latencyMs: count("latency", values.latency),
    onProgress: printError,
  });
  for (const line of showFigures(figures)) print(line);
  if (values.out) await Deno.writeTextFile(values.out, JSON.stringify(figures, null, 2) + "\n");
  const before = await readFigures(values.baseline ?? baseline);
  const worse = regressions(before, figures);
  print();
  print(worse.length === 0 ? "Nothing is worse than in the baseline." : "Worse than the baseline:");
  for (const line of worse) print(`  ${line}`);
  return worse.length === 0 ? 0 : 1;
}

async function readFigures(path: string | URL): Promise<Figures> {
  return figuresSchema.parse(JSON.parse(await Deno.readTextFile(path)));
}

/** @throws {UsageError} */
function count(name: string, text: string): number {
  const number = Number(text);
  if (/^\d+$/.test(text) && Number.isSafeInteger(number) && number > 0) return number;
  throw new UsageError(`--${name} is not a whole number above 0: ${text}`);
}

Deno.exit(await runCommand({ help, options, run }, Deno.args));
