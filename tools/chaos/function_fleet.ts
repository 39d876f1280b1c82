// Several processes of the function, some of them dead for a moment. Knows no Stripe, no Cryptlex.

import { type FunctionProcess, startFunction } from "../local_stack/function_process.ts";
import type { SeededRandom } from "./seeded_random.ts";

export type FunctionFleet = {
  /** The webhook's URL at one of those alive; null: none is. */
  endpoint(random: SeededRandom): string | null;
  /** Ends one of those alive with SIGKILL and starts another in its place. False: none is alive. */
  killOne(random: SeededRandom): Promise<boolean>;
  /** All that any of them has ever printed, with when it came and of which process. */
  lines(): readonly string[];
  stop(): Promise<void>;
};

/** @throws {Error} one does not start; the others are stopped. */
export async function startFleet(
  count: number,
  env: Record<string, string>,
): Promise<FunctionFleet> {
  const lines: string[] = [];
  const alive = new Set<FunctionProcess>();
  let started = 0;
  async function start(): Promise<void> {
    const name = `#${++started}`;
    const onLine = (line: string) => void lines.push(`${new Date().toISOString()} ${name} ${line}`);
    alive.add(await startFunction({ env, onLine }));
  }
  async function stop(): Promise<void> {
    await Promise.all([...alive].map((running) => running.stop()));
    alive.clear();
  }

  const starting = await Promise.allSettled(Array.from({ length: count }, start));
  const failed = starting.find((one) => one.status === "rejected");
  if (failed) {
    await stop();
    throw failed.reason;
  }
  return {
    endpoint: (random) =>
      alive.size === 0 ? null : `${random.pick([...alive]).url}/stripe-cryptlex`,
    async killOne(random) {
      if (alive.size === 0) return false;
      const victim = random.pick([...alive]);
      alive.delete(victim);
      await victim.kill();
      await start();
      return true;
    },
    lines: () => lines,
    stop,
  };
}
