// Sells, delivers and disturbs until all is told, then waits until all is settled. Judges nothing.

import type { ChaosStack } from "./chaos_stack.ts";
import { type DeliveryCounts, makeDeliveries, scheduleDeliveries } from "./deliveries.ts";
import { type DisturbanceCounts, startDisturbances } from "./disturbances.ts";
import { drainAll, startDrains } from "./drains.ts";
import type { ChaosPurchase } from "./lives/chaos_purchase.ts";
import { createSeededRandom } from "./seeded_random.ts";

/** What happened meanwhile. */
export type PlayFigures = {
  readonly deliveries: DeliveryCounts;
  readonly disturbances: DisturbanceCounts;
  /** Of the sandbox, by kind. */
  readonly faults: Readonly<Record<string, number>>;
  readonly drains: number;
  readonly ms: number;
};

/** After the last event was due: what was refused is disturbed for so long when it comes again. */
const disturbedMs = 5000;

/** After the last event was due: for what is still refused, and for what still waits. */
const deliverMs = 120_000;
const drainMs = 90_000;

/**
 * Plays the purchases. Returns, a sentence each, what did not come to its end; the processes have
 * ended by then.
 */
export async function playChaos(
  purchases: readonly ChaosPurchase[],
  { stack, seed, seconds }: { stack: ChaosStack; seed: number; seconds: number },
): Promise<{ problems: string[]; figures: PlayFigures }> {
  const startedMs = performance.now();
  const spreadMs = seconds * 1000;
  const random = createSeededRandom(seed, "deliveries");
  const deliveries: DeliveryCounts = { sent: 0, resent: 0, answers: {} };
  const disturbances = startDisturbances(stack, { seed, spreadMs });
  const drains = startDrains(stack, seed);
  const delivering = makeDeliveries(
    scheduleDeliveries(purchases, { random, spreadMs }),
    { stack, random, counts: deliveries, deadlineMs: spreadMs + deliverMs },
  );
  await new Promise((resolve) => setTimeout(resolve, spreadMs + disturbedMs));
  await disturbances.stop();
  const unacknowledged = await delivering;
  await drains.stop();
  await stack.sandbox.settled();
  const pending = await drainAll(stack, { random, deadlineMs: drainMs });
  // A process that ends has said all it had to say.
  await stack.fleet.stop();
  return {
    problems: [
      ...unacknowledged.map(({ event }) => `${event.id} was never acknowledged`),
      ...(pending === 0 ? [] : [`${pending} events are still pending`]),
    ],
    figures: {
      deliveries,
      disturbances: disturbances.counts,
      faults: stack.sandbox.faultCounts(),
      drains: drains.count(),
      ms: performance.now() - startedMs,
    },
  };
}
