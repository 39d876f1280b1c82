// The schedule, only faster: asks living processes to work off what is due.

import { z } from "zod";
import type { ChaosStack } from "./chaos_stack.ts";
import { createSeededRandom, type SeededRandom } from "./seeded_random.ts";

export type Drains = {
  /** How many were asked for. */
  count(): number;
  stop(): Promise<void>;
};

const everyMs = 200;

/** A drain may take long; so many run at once at most. */
const mostAtOnce = 4;

const tally = z.object({ pending: z.number() });

/** Asks for a drain every 200 ms, of one process after the other by chance. */
export function startDrains(stack: ChaosStack, seed: number): Drains {
  const random = createSeededRandom(seed, "drains");
  const running = new Set<Promise<unknown>>();
  let count = 0;
  const timer = setInterval(() => {
    if (running.size >= mostAtOnce) return;
    count++;
    const drain = drainOnce(stack, random).finally(() => running.delete(drain));
    running.add(drain);
  }, everyMs);
  return {
    count: () => count,
    async stop() {
      clearInterval(timer);
      await Promise.all(running);
    },
  };
}

/** Drains until nothing is pending. Returns how much still is, after `deadlineMs`. */
export async function drainAll(
  stack: ChaosStack,
  { random, deadlineMs }: { random: SeededRandom; deadlineMs: number },
): Promise<number> {
  const startedMs = performance.now();
  for (;;) {
    const pending = await drainOnce(stack, random);
    if (pending === 0) return 0;
    if (performance.now() - startedMs > deadlineMs) return pending ?? Infinity;
    await new Promise((resolve) => setTimeout(resolve, everyMs));
  }
}

/** How many events are pending after it; null: nobody answered. */
async function drainOnce(
  { fleet, cronSecret }: ChaosStack,
  random: SeededRandom,
): Promise<number | null> {
  const endpoint = fleet.endpoint(random);
  if (endpoint === null) return null;
  try {
    const response = await fetch(`${endpoint}/drain`, {
      method: "POST",
      headers: { authorization: `Bearer ${cronSecret}` },
      body: JSON.stringify({ ignore_backoff: true }),
    });
    return tally.parse(await response.json()).pending;
  } catch {
    return null;
  }
}
