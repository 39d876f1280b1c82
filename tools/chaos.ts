// deno task chaos: random purchases, while everything fails that can; then the exact end state.

import { runChaos } from "./chaos/run_chaos.ts";
import { showChaos } from "./chaos/show_chaos.ts";
import { runCommand, UsageError } from "./run_command.ts";
import { terminalStyle } from "./terminal.ts";

const help = `Usage: deno task chaos [options]

Sells at random, and delivers Stripe's events shuffled, more than once and at the same time to several
processes of the function on one real PostgreSQL, while processes are killed, Cryptlex shows every
fault it can and the database goes away for moments. Then compares every license with a model that
knows the events alone.

  --purchases N   how many are sold (300)
  --processes N   how many processes of the function (3)
  --seed N        what is sold and what fails; even: plans map, odd: the setting does (at random)
  --seconds N     how long events keep coming (60)
  --log FILE      writes all the processes printed to a file

Exit code: 0 only when everything is exactly right, else 1.`;

const options = {
  purchases: { type: "string", default: "300" },
  processes: { type: "string", default: "3" },
  seed: { type: "string" },
  seconds: { type: "string", default: "60" },
  log: { type: "string" },
} as const;

async function run({ values }: {
  values: { purchases: string; processes: string; seed?: string; seconds: string; log?: string };
}): Promise<number> {
  const seed = values.seed ?? String(1 + Math.floor(Math.random() * 999_999));
  const chosen = {
    purchases: count("purchases", values.purchases),
    processes: count("processes", values.processes),
    seed: count("seed", seed),
    seconds: count("seconds", values.seconds),
  };
  const result = await runChaos(chosen);
  if (values.log !== undefined) {
    await Deno.writeTextFile(values.log, result.lines.map((line) => `${line}\n`).join(""));
  }
  showChaos(chosen, { result, style: terminalStyle() });
  return result.wrong.length === 0 && result.problems.length === 0 ? 0 : 1;
}

/** @throws {UsageError} */
function count(name: string, text: string): number {
  const number = Number(text);
  if (/^\d+$/.test(text) && Number.isSafeInteger(number) && number > 0) return number;
  throw new UsageError(`--${name} is not a whole number above 0: ${text}`);
}

Deno.exit(await runCommand({ help, options, run }, Deno.args));
