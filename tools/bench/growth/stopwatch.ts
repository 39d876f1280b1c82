// Taking the time of calls.

/** What is measured: the ledger's functions, and what the function itself reckons of a claim. */
export const measured = ["record", "claim_due", "settle", "reckon"] as const;
export type Measured = typeof measured[number];

/** Milliseconds of each call. */
export type Latencies = Readonly<Record<Measured, readonly number[]>>;

/** Nothing yet. */
export const none: Latencies = { record: [], claim_due: [], settle: [], reckon: [] };

/** Both. */
export function together(a: Latencies, b: Latencies): Latencies {
  const both = (name: Measured) => [...a[name], ...b[name]];
  return {
    record: both("record"),
    claim_due: both("claim_due"),
    settle: both("settle"),
    reckon: both("reckon"),
  };
}

/** Fills `took`, call by call. */
export function createStopwatch(): {
  readonly took: Latencies;
  timed<T>(name: Measured, call: () => T | Promise<T>): Promise<T>;
} {
  const took = {
    record: [] as number[],
    claim_due: [] as number[],
    settle: [] as number[],
    reckon: [] as number[],
  };
  return {
    took,
    async timed(name, call) {
      const started = performance.now();
      const answer = call();
      // What is at hand already waits for nothing.
      const value = answer instanceof Promise ? await answer : answer;
      took[name].push(performance.now() - started);
      return value;
    },
  };
}
