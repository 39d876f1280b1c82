// Work that goes on after the answer.

import { createDeliveries, type Deliveries } from "./deliveries.ts";

/** Keeps a promise going; the platform is told of it, so that it does not end the isolate first. */
export type Background = {
  run(work: Promise<unknown>): void;
  /** Resolves when nothing that was started is left. */
  idle(): Promise<void>;
  /** Who waits for an answer: what can wait lets them go first. */
  readonly deliveries: Deliveries;
};

/** The platform's own (supabase.com/docs/guides/functions/background-tasks); absent elsewhere. */
declare const EdgeRuntime: { waitUntil(work: Promise<unknown>): void } | undefined;

/** Background work, reported to the platform where there is one. `onError` hears what was thrown. */
export function createBackground(onError: (error: unknown) => void): Background {
  const running = new Set<Promise<unknown>>();
  return {
    run(work) {
      const tracked = work.catch(onError).finally(() => running.delete(tracked));
      running.add(tracked);
      if (typeof EdgeRuntime !== "undefined") EdgeRuntime.waitUntil(tracked);
    },
    async idle() {
      while (running.size > 0) await Promise.all(running);
    },
    deliveries: createDeliveries(),
  };
}
