// deno task bench:capacity: what happens when very many subscriptions renew at the same moment.

import { runCapacity } from "./bench/capacity/run_capacity.ts";
import { showCapacity } from "./bench/capacity/show_capacity.ts";
import { runCommand, UsageError } from "./run_command.ts";
import { print, printError } from "./terminal.ts";

const help = `Usage: deno task bench:capacity [options]

Computes what Cryptlex's limit allows, and checks it: starts a PostgreSQL of its own, fills in that
many renewals that wait, and runs the function's own code in simulated time at the beginning, in the
middle and at the end of them, while buyers come at random and once all at the same moment. All
seconds are simulated: they do not depend on this machine.

  --purchases N       subscriptions that renew at the same moment (1000000)
  --seconds N         how long each stretch is, simulated (300)
  --sales-per-hour N  buyers who come meanwhile (360)
  --rush N            buyers who come at the same moment (20)
  --grace-days N      RENEWAL_GRACE_DAYS (3)
  --latency MS        how long Cryptlex takes to answer (200)
  --seed N            another seed, other buyers (1)
  --out FILE          write what was seen there as JSON
  --help              show this

Exit code: 0 when it was simulated, 2 when called wrongly.`;

const options = {
  purchases: { type: "string", default: "1000000" },
  seconds: { type: "string", default: "300" },
  "sales-per-hour": { type: "string", default: "360" },
  rush: { type: "string", default: "20" },
  "grace-days": { type: "string", default: "3" },
  latency: { type: "string", default: "200" },
  seed: { type: "string", default: "1" },
  out: { type: "string" },
} as const;

type Name = Exclude<keyof typeof options, "out">;

async function run(
  { values }: { values: Record<Name, string> & { out?: string } },
): Promise<number> {
  const count = (name: Name) => wholeNumber(name, values[name]);
  const load = {
    purchases: count("purchases"),
    rate: { calls: 50, seconds: 5 },
    salesPerHour: count("sales-per-hour"),
    graceDays: count("grace-days"),
    latencySeconds: count("latency") / 1000,
    rush: count("rush"),
  };
  const seconds = count("seconds");
  if (seconds < 20) throw new UsageError("--seconds must be 20 at least");
  const seen = await runCapacity({ ...load, seconds, seed: count("seed"), onProgress: printError });
  for (const line of showCapacity(load, seen)) print(line);
  if (values.out) {
    await Deno.writeTextFile(values.out, JSON.stringify({ load, seen }, null, 2) + "\n");
  }
  return 0;
}

/** @throws {UsageError} */
function wholeNumber(name: string, text: string): number {
  const number = Number(text);
  if (/^\d+$/.test(text) && Number.isSafeInteger(number) && number > 0) return number;
  throw new UsageError(`--${name} is not a whole number above 0: ${text}`);
}

Deno.exit(await runCommand({ help, options, run }, Deno.args));
