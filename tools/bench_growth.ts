// deno task bench:growth: how long the ledger's functions take, the more there is.

import { drawGrowth } from "./bench/growth/draw_growth.ts";
import { profileDoors } from "./bench/growth/profile_doors.ts";
import { runBench } from "./bench/growth/run_bench.ts";
import { showGrowth } from "./bench/growth/show_growth.ts";
import { showProfile } from "./bench/growth/show_profile.ts";
import { runCommand, UsageError } from "./run_command.ts";
import { print, printError } from "./terminal.ts";

const help = `Usage: deno task bench:growth [options]

Starts a PostgreSQL of its own, fills databases as years of sales leave them, and measures on each in
turn: the ledger's functions record, claim_due and settle, one call after the other, over loopback,
and what the function reckons of a claim (merge, decide, steps). The server does not wait for its
disk: what counts is how the figures differ.

Three things grow: the settled events of all purchases; the purchases in flight beside the one that
is measured (leased, quiet, or waiting for another attempt); and how long the one measured has been
renewed.

  --events N,N,…     settled events to measure at (0,100000,1000000)
  --in-flight N,N,…  other purchases in flight (1,10,100,1000)
  --months N,N,…     months a purchase has been renewed (0,12,120)
  --rounds N         calls of each function at each (1000)
  --out FILE         write the figures there as JSON
  --svg FILE         draw them there (the one in docs: docs/growth.svg)
  --profile          nothing grows: which of the database's functions a sale's time goes to, beside
                     a bare insert of the same event
  --help             show this

Exit code: 0 when all was measured, 2 when called wrongly.`;

const options = {
  events: { type: "string", default: "0,100000,1000000" },
  "in-flight": { type: "string", default: "1,10,100,1000" },
  months: { type: "string", default: "0,12,120" },
  rounds: { type: "string", default: "1000" },
  out: { type: "string" },
  svg: { type: "string" },
  profile: { type: "boolean", default: false },
} as const;

type Values = Record<"events" | "in-flight" | "months" | "rounds", string> & {
  out?: string;
  svg?: string;
  profile: boolean;
};

async function run({ values }: { values: Values }): Promise<number> {
  const counts = (name: "events" | "in-flight" | "months") =>
    values[name].split(",").map((text) => count(name, text));
  const rounds = count("rounds", values.rounds);
  if (rounds === 0) throw new UsageError("--rounds must be above 0");
  if (values.profile) {
    for (const line of showProfile(await profileDoors({ rounds }))) print(line);
    return 0;
  }

  const growth = await runBench({
    levels: counts("events"),
    inFlight: counts("in-flight"),
    months: counts("months"),
    rounds,
    onProgress: printError,
  });
  for (const line of showGrowth(growth)) print(line);
  if (values.out) await Deno.writeTextFile(values.out, JSON.stringify(growth, null, 2) + "\n");
  if (values.svg) await Deno.writeTextFile(values.svg, drawGrowth(growth));
  return 0;
}

/** @throws {UsageError} */
function count(name: string, text: string): number {
  const number = Number(text);
  if (/^\d+$/.test(text) && Number.isSafeInteger(number)) return number;
  throw new UsageError(`--${name} is not a whole number: ${text}`);
}

Deno.exit(await runCommand({ help, options, run }, Deno.args));
