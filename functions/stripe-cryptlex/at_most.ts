// A few at a time.

/** Runs what it is given, `count` of them at a time, the others in their turn. */
export function atMost(count: number): <T>(work: () => Promise<T>) => Promise<T> {
  let running = 0;
  const waiting: (() => void)[] = [];
  return async (work) => {
    if (running >= count) await new Promise<void>((resolve) => waiting.push(resolve));
    else running++;
    try {
      return await work();
    } finally {
      // Whose turn is next takes this place; it stays taken.
      const next = waiting.shift();
      if (next === undefined) running--;
      else next();
    }
  };
}
