// From the start of a process to its first 200: how long Stripe waits for an instance that is new.

import { startFunction } from "../local_stack/function_process.ts";
import type { StripeEvent } from "../stripe_sandbox/stripe_event.ts";
import { acknowledged } from "./measure_events.ts";
import type { BenchStack } from "./bench_stack.ts";

/** Milliseconds from the start of a process to its first acknowledgement. */
export async function coldStart(
  event: StripeEvent,
  { stack, entrypoint }: { stack: BenchStack; entrypoint?: URL | undefined },
): Promise<number> {
  const startedAt = performance.now();
  const running = await startFunction({
    env: stack.env,
    pollMs: 1,
    ...(entrypoint && { entrypoint }),
  });
  try {
    await acknowledged(running, event, stack.webhookSecret);
    return performance.now() - startedAt;
  } finally {
    await running.stop();
  }
}
