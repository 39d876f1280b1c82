// Lets so many through at once; the others wait, the first to come the first to go.

export type Turnstile = {
  /** Does it once it is its turn. */
  pass<T>(work: () => Promise<T>): Promise<T>;
};

export function createTurnstile(most: number): Turnstile {
  const waiting: (() => void)[] = [];
  let inside = 0;
  return {
    async pass(work) {
      if (inside >= most) await new Promise<void>((resolve) => waiting.push(resolve));
      else inside++;
      try {
        return await work();
      } finally {
        // Whoever waits takes the place that is left.
        const next = waiting.shift();
        if (next) next();
        else inside--;
      }
    },
  };
}
