// What goes wrong meanwhile: Cryptlex's faults, kills, a database that is away. Seeded.

import type { Fault } from "../cryptlex_sandbox/sandbox.ts";
import type { ChaosStack } from "./chaos_stack.ts";
import { createSeededRandom } from "./seeded_random.ts";

export type DisturbanceCounts = {
  kills: number;
  /** By how the database was away. */
  readonly outages: Record<string, number>;
};

export type Disturbances = {
  readonly counts: DisturbanceCounts;
  /** Ends them all, with every process alive and the database there. */
  stop(): Promise<void>;
};

/** A late write lands within the quiet that follows an unheard call, 1.5 s in a chaos run. */
const faults: readonly (Fault & { readonly probability: number })[] = [
  { kind: "status_before", status: 503, probability: 0.02 },
  { kind: "status_before", status: 302, probability: 0.01 },
  { kind: "status_after", status: 500, probability: 0.02 },
  { kind: "status_after", status: 408, probability: 0.01 },
  { kind: "plain_429", retryAfterSeconds: 1, probability: 0.004 },
  { kind: "hang", probability: 0.02 },
  { kind: "lost_before", probability: 0.02 },
  { kind: "lost_after", probability: 0.03 },
  { kind: "late_write", lateMs: 50, probability: 0.015 },
  { kind: "late_write", lateMs: 300, probability: 0.015 },
  { kind: "broken_body_after", probability: 0.02 },
];

/**
 * The HTTP door's own connections to the server are left alone: its driver outlives neither their
 * loss nor a cancelled commit, and is none of the function's.
 */
const outages = ["cut", "answered_503", "locked"] as const;

/** Starts to disturb; `spreadMs` is how long it is meant to last, which decides how often. */
export function startDisturbances(
  stack: ChaosStack,
  { seed, spreadMs }: { seed: number; spreadMs: number },
): Disturbances {
  const counts: DisturbanceCounts = { kills: 0, outages: {} };
  const stopping = new AbortController();
  const everyMs = Math.min(8000, Math.max(2500, spreadMs / 6));

  const faulty = createSeededRandom(seed, "faults");
  for (const fault of faults) {
    stack.sandbox.fault({ ...fault, times: Infinity, random: faulty.next });
  }

  async function again(purpose: string, disturb: (random: Random) => Promise<void>): Promise<void> {
    const random = createSeededRandom(seed, purpose);
    while (await pause(random.between(0.3, 1.7) * everyMs, stopping.signal)) await disturb(random);
  }
  const killing = again("kills", async (random) => {
    if (await stack.fleet.killOne(random)) counts.kills++;
  });
  const outing = again("outages", async (random) => {
    const kind = random.pick(outages);
    counts.outages[kind] = (counts.outages[kind] ?? 0) + 1;
    // Some locks are held for longer than a lease lasts.
    const ms = random.between(100, kind === "locked" && random.chance(0.3) ? 6500 : 1500);
    if (kind === "locked") return await lockPurchases(stack, () => pause(ms, stopping.signal));
    stack.front.set(kind);
    await pause(ms, stopping.signal);
    stack.front.set(null);
  });

  return {
    counts,
    async stop() {
      stopping.abort();
      await Promise.all([killing, outing]);
      stack.sandbox.clearFaults();
    },
  };
}

type Random = ReturnType<typeof createSeededRandom>;

/** Meanwhile nobody else gets at the purchases: every call waits. */
async function lockPurchases({ sql }: ChaosStack, meanwhile: () => Promise<unknown>) {
  await sql.begin(async (transaction) => {
    await transaction`lock table licensing.purchases in access exclusive mode`;
    await meanwhile();
  });
}

/** False: it was stopped. */
async function pause(ms: number, signal: AbortSignal): Promise<boolean> {
  if (signal.aborted) return false;
  await new Promise<void>((resolve) => {
    const timer = setTimeout(done, ms);
    signal.addEventListener("abort", done, { once: true });
    function done() {
      clearTimeout(timer);
      signal.removeEventListener("abort", done);
      resolve();
    }
  });
  return !signal.aborted;
}
