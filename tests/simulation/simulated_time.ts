// Time that stands still while anything is done, and moves on to the next moment somebody waits for.

export type SimulatedTime = {
  now(): Date;
  /** Resolves once that much simulated time has passed. */
  delay(ms: number): Promise<void>;
  /** Time stands still until this has come back. */
  during<T>(work: Promise<T>): Promise<T>;
};

/** Starts at `start`. Nothing may be awaited outside `during` but `delay`, or time runs ahead of it. */
export function createSimulatedTime(start: Date): SimulatedTime {
  let nowMs = start.getTime();
  let busy = 0;
  let isWatching = false;
  const sleepers: { atMs: number; wake: () => void }[] = [];

  // Between two pieces of work the promises of the first have to run: a few turns of the event loop.
  async function watch(): Promise<void> {
    isWatching = true;
    for (let idleTurns = 0; sleepers.length > 0;) {
      await new Promise((resolve) => setTimeout(resolve, 0));
      idleTurns = busy === 0 ? idleTurns + 1 : 0;
      if (idleTurns < 3) continue;
      idleTurns = 0;
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
      }
    },
  };
}
