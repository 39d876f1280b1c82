// Many sales at once: how fast they are acknowledged and licensed, and what they cost.

import type { FunctionProcess } from "../local_stack/function_process.ts";
import type { StripeEvent } from "../stripe_sandbox/stripe_event.ts";
import type { BenchStack } from "./bench_stack.ts";
import { acknowledged } from "./measure_events.ts";
import { cpuMs } from "./process_usage.ts";

export type Burst = {
  /** From each request to its 200, milliseconds. */
  readonly ackMs: readonly number[];
  /** Acknowledged a second, from the first request to the last 200. */
  readonly ackRate: number;
  /** Done with a second, from the first request until all are. */
  readonly doneRate: number;
  /** Processor time of the function's process an event, milliseconds. */
  readonly cpuMsPerEvent: number;
};

/** Sends the events, `atOnce` under way at a time, and waits until all are done with. */
export async function measureBurst(
  running: FunctionProcess,
  events: readonly StripeEvent[],
  { stack, lastCall, atOnce }: { stack: BenchStack; lastCall: string; atOnce: number },
): Promise<Burst> {
  const { services, webhookSecret } = stack;
  services.forget();
  const cpuBefore = await cpuMs(running.pid);
  const startedAt = performance.now();
  const ackMs: number[] = [];
  const waiting = [...events];
  await Promise.all(Array.from({ length: atOnce }, async () => {
    for (let event = waiting.shift(); event !== undefined; event = waiting.shift()) {
      const sentAt = performance.now();
      await acknowledged(running, event, webhookSecret);
      ackMs.push(performance.now() - sentAt);
    }
  }));
  const ackSeconds = (performance.now() - startedAt) / 1000;
  await services.answered(lastCall, events.length);
  const doneSeconds = (performance.now() - startedAt) / 1000;
  return {
    ackMs,
    ackRate: events.length / ackSeconds,
    doneRate: events.length / doneSeconds,
    cpuMsPerEvent: (await cpuMs(running.pid) - cpuBefore) / events.length,
  };
}
