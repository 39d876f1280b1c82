// Stripe's side of the wire: what is sent when, and sent again until it is answered 2xx.

import { deliver } from "../stripe_sandbox/sign.ts";
import type { StripeEvent } from "../stripe_sandbox/stripe_event.ts";
import type { ThinEvent } from "../stripe_sandbox/thin_event.ts";
import type { ChaosStack } from "./chaos_stack.ts";
import type { ChaosPurchase } from "./lives/chaos_purchase.ts";
import type { SeededRandom } from "./seeded_random.ts";
import { createTurnstile } from "./turnstile.ts";

export type Delivery = { readonly event: StripeEvent | ThinEvent; readonly atMs: number };

export type DeliveryCounts = {
  /** Requests made, resends included. */
  sent: number;
  /** Sent again because the answer was not 2xx, or none came. */
  resent: number;
  /** Answers by status; 0: none came. */
  readonly answers: Record<string, number>;
};

/** Sent at the same moment, in no order, or one after the other as they happened. */
const manners = ["burst", "shuffled", "shuffled", "in order"] as const;

/** Stripe's own limit is not documented; ours ends what a kill left hanging. */
const answerMs = 20_000;

/** How many requests are open at once: more would be a flood, and a machine has so many sockets. */
const mostOpen = 100;

/** Stripe waits longer each time; so do we, up to eight times as long. */
const mostDoublings = 3;

const pause = (ms: number) => new Promise<void>((resolve) => setTimeout(resolve, ms));

/** When each event is sent, within `spreadMs`: some more than once, each purchase in its manner. */
export function scheduleDeliveries(
  purchases: readonly ChaosPurchase[],
  { random, spreadMs }: { random: SeededRandom; spreadMs: number },
): Delivery[] {
  return purchases.flatMap(({ events }) => {
    const manner = random.pick(manners);
    const burstAt = random.between(0, spreadMs);
    const times = events.map(() => random.between(0, spreadMs));
    if (manner === "in order") times.sort((a, b) => a - b);
    return events.flatMap((event, nth) => {
      const atMs = manner === "burst" ? burstAt : times[nth] ?? 0;
      const copies = random.chance(0.3) ? 1 + random.below(3) : 0;
      const again = Array.from({ length: copies }, () => ({
        event,
        atMs: random.chance(0.5) ? atMs : random.between(0, spreadMs),
      }));
      return [{ event, atMs }, ...again];
    });
  }).sort((a, b) => a.atMs - b.atMs);
}

/** Makes every delivery, each until it is acknowledged. Returns what was not by the deadline. */
export async function makeDeliveries(
  deliveries: readonly Delivery[],
  { stack, random, counts, deadlineMs }: {
    stack: ChaosStack;
    random: SeededRandom;
    counts: DeliveryCounts;
    /** From now on. */
    deadlineMs: number;
  },
): Promise<Delivery[]> {
  const startedMs = performance.now();
  const elapsed = () => performance.now() - startedMs;
  const turnstile = createTurnstile(mostOpen);

  async function make(delivery: Delivery): Promise<Delivery | null> {
    await pause(delivery.atMs);
    for (let attempts = 0; elapsed() < deadlineMs; attempts++) {
      const status = await turnstile.pass(() => attempt(delivery.event, { stack, random }));
      counts.sent++;
      counts.answers[status] = (counts.answers[status] ?? 0) + 1;
      if (status >= 200 && status < 300) return null;
      counts.resent++;
      await pause(random.between(100, 1000) * 2 ** Math.min(attempts, mostDoublings));
    }
    return delivery;
  }
  const made = await Promise.all(deliveries.map(make));
  return made.filter((delivery) => delivery !== null);
}

/** The status of the answer; 0: there was none. */
async function attempt(
  event: StripeEvent | ThinEvent,
  { stack, random }: { stack: ChaosStack; random: SeededRandom },
): Promise<number> {
  const endpoint = stack.fleet.endpoint(random);
  if (endpoint === null) return 0;
  try {
    const response = await deliver(endpoint, event, {
      secret: stack.webhookSecret,
      fetch: (url, init) => fetch(url, { ...init, signal: AbortSignal.timeout(answerMs) }),
    });
    await response.body?.cancel();
    return response.status;
  } catch {
    return 0;
  }
}
