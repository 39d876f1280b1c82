// Processes that start anew: the function's and a bare one's, in turns, and what importing takes.

import { freePort } from "../local_stack/free_port.ts";
import type { BenchStack } from "./bench_stack.ts";
import { coldStart } from "./cold_start.ts";
import type { Figures } from "./figures.ts";
import { importMs } from "./import_time.ts";
import { eventsOf } from "./kinds.ts";
import { percentile } from "./percentile.ts";

/** What the function imports; each is imported alone, too. */
const packages = ["stripe", "@supabase/supabase-js", "zod"];

export type StartsOptions = {
  readonly starts: number;
  readonly entrypoint: URL;
  readonly bareEntrypoint: URL;
  readonly onProgress: (line: string) => void;
};

/** Starts each so many times. */
export async function measureStarts(
  stack: BenchStack,
  { starts, entrypoint, bareEntrypoint, onProgress }: StartsOptions,
): Promise<Figures["start"]> {
  const took: Record<string, number[]> = {};
  const add = (name: string, value: number) => (took[name] ??= []).push(value);
  for (let turn = 0; turn < starts; turn++) {
    const event = eventsOf({ count: 1, seed: 300 + turn, now: new Date() })["sale, new buyer"];
    for (const sale of event) {
      add("cold", await coldStart(sale, { stack }));
      add("bareCold", await coldStart(sale, { stack, entrypoint: bareEntrypoint }));
    }
    const env = { ...stack.env, PORT: String(freePort()) };
    add("import", await importMs([entrypoint.href], { env }));
    for (const name of packages) add(name, await importMs([name]));
  }
  onProgress(`${starts} starts`);
  const half = (name: string) => percentile(took[name] ?? [], 0.5);
  const packagesImportMs = Object.fromEntries(packages.map((name) => [name, half(name)]));
  const sum = Object.values(packagesImportMs).reduce((total, one) => total + one, 0);
  return {
    coldMs: half("cold"),
    bareColdMs: half("bareCold"),
    coldOverBare: half("cold") / half("bareCold"),
    importMs: half("import"),
    packagesImportMs,
    importOverPackages: half("import") / sum,
  };
}
