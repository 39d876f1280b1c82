// Time that stands still while anything is done, and moves on to the next moment somebody waits for.

import { setImmediate } from "node:timers";

export type SimulatedTime = {
  now(): Date;
  /** Resolves once that much simulated time has passed. */
  delay(ms: number): Promise<void>;
  /** Time stands still until this has come back. */
  during<T>(work: Promise<T>): Promise<T>;
};

/** What follows from a piece of work may take some turns of the event loop to begin the next. */
const idleTurns = 10;

/** Starts at `start`. Whatever else is awaited than `delay` belongs in `during`, or time runs ahead. */
export function createSimulatedTime(start: Date): SimulatedTime {
  let nowMs = start.getTime();
  let busy = 0;
  let onIdle = () => {};
  let isWatching = false;
  const sleepers: { atMs: number; wake: () => void }[] = [];

  async function idle(): Promise<void> {
    for (let turns = 0; turns < idleTurns; turns++) {
      await new Promise((resolve) => setImmediate(resolve));
      if (busy === 0) continue;
      await new Promise<void>((resolve) => onIdle = resolve);
      turns = 0;
    }
  }

  async function watch(): Promise<void> {
    isWatching = true;
    while (sleepers.length > 0) {
      await idle();
      sleepers.sort((a, b) => a.atMs - b.atMs);
      const next = sleepers.shift();
      if (next === undefined) continue;
      nowMs = Math.max(nowMs, next.atMs);
      next.wake();
    }
    isWatching = false;
  }

  return {
    now: () => new Date(nowMs),
    delay(ms) {
      const woken = new Promise<void>((wake) => sleepers.push({ atMs: nowMs + ms, wake }));
      if (!isWatching) void watch();
      return woken;
    },
    async during(work) {
      busy++;
      try {
        return await work;
      } finally {
        busy--;
        if (busy === 0) onIdle();
      }
    },
  };
}
