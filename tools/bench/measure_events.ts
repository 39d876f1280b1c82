// Events sent one after the other: how soon each is acknowledged and licensed, and what it costs.

import type { FunctionProcess } from "../local_stack/function_process.ts";
import { deliver } from "../stripe_sandbox/sign.ts";
import type { StripeEvent } from "../stripe_sandbox/stripe_event.ts";
import type { BenchStack } from "./bench_stack.ts";
import { cpuMs } from "./process_usage.ts";

/** What a kind of event took; an entry an event. */
export type Took = {
  /** From the request to its 200, milliseconds. */
  readonly ackMs: readonly number[];
  /** From the request to Cryptlex's last answer, milliseconds; empty where nothing was asked. */
  readonly licensedMs: readonly number[];
  readonly cryptlexCalls: number;
  readonly roundTrips: number;
  /** Processor time of the function's process. */
  readonly cpuMs: number;
};

export const nothingTook: Took = {
  ackMs: [],
  licensedMs: [],
  cryptlexCalls: 0,
  roundTrips: 0,
  cpuMs: 0,
};

/** Both together. */
export function together(a: Took, b: Took): Took {
  return {
    ackMs: [...a.ackMs, ...b.ackMs],
    licensedMs: [...a.licensedMs, ...b.licensedMs],
    cryptlexCalls: a.cryptlexCalls + b.cryptlexCalls,
    roundTrips: a.roundTrips + b.roundTrips,
    cpuMs: a.cpuMs + b.cpuMs,
  };
}

/** A process to send events to, and the database function that the last call of each is of. */
export type Side = { readonly running: FunctionProcess; readonly lastCall: string };

/**
 * Sends each event to one process and then to the other, each when the one before is done with: both
 * come to it after as long a rest. Returns what it took either.
 *
 * @throws {Error} an event is not acknowledged.
 */
export async function measureEvents(
  events: readonly StripeEvent[],
  { stack, ours, bare }: { stack: BenchStack; ours: Side; bare: Side },
): Promise<{ ours: Took; bare: Took }> {
  const took = { ours: nothingTook, bare: nothingTook };
  const cpuBefore = [await cpuMs(ours.running.pid), await cpuMs(bare.running.pid)] as const;
  for (const [n, event] of events.entries()) {
    // Who comes second finds everything else awake.
    for (const side of n % 2 === 0 ? ["ours", "bare"] as const : ["bare", "ours"] as const) {
      const measured = await measureEvent(event, { ours, bare }[side], stack);
      took[side] = together(took[side], measured);
    }
  }
  return {
    ours: { ...took.ours, cpuMs: await cpuMs(ours.running.pid) - cpuBefore[0] },
    bare: { ...took.bare, cpuMs: await cpuMs(bare.running.pid) - cpuBefore[1] },
  };
}

/** Without its processor time, which is counted in hundredths of a second. */
async function measureEvent(
  event: StripeEvent,
  { running, lastCall }: Side,
  { services, webhookSecret }: BenchStack,
): Promise<Took> {
  services.forget();
  const sentAt = performance.timeOrigin + performance.now();
  await acknowledged(running, event, webhookSecret);
  const ackAt = performance.timeOrigin + performance.now();
  await services.answered(lastCall, 1);
  const calls = services.calls();
  const asked = calls.filter(({ kind }) => kind === "cryptlex");
  const last = asked.at(-1);
  return {
    ackMs: [ackAt - sentAt],
    licensedMs: last === undefined ? [] : [last.at - sentAt],
    cryptlexCalls: asked.length,
    roundTrips: calls.length - asked.length,
    cpuMs: 0,
  };
}

/** @throws {Error} the answer is not 200. */
export async function acknowledged(
  running: FunctionProcess,
  event: StripeEvent,
  secret: string,
): Promise<void> {
  const response = await deliver(`${running.url}/stripe-cryptlex`, event, { secret });
  const body = await response.text();
  if (response.status !== 200) {
    throw new Error(`Cannot measure: ${event.type} was answered ${response.status}: ${body}`);
  }
}
