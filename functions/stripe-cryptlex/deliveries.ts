// How many deliveries wait for their answer here, and when there are few.

/** One sale tells of itself in so many events or less, all at once; more are a burst. */
const fewAtOnce = 8;

/** What waits for a lull waits no longer than this, milliseconds: where it never comes buyers wait, too. */
const longestWaitMs = 1_000;

/** In a burst all are written down first: Stripe waits for an answer, and Cryptlex's limit is waited for anyway. */
export type Deliveries = {
  /** Counts as one until `record` has ended, which is told whether there is a burst. */
  answer<T>(record: (isBurst: boolean) => Promise<T>): Promise<T>;
  /** Resolves once there is no burst, or after a second. */
  lull(): Promise<void>;
};

/** Those of one isolate. */
export function createDeliveries(): Deliveries {
  let underWay = 0;
  const waiting = new Set<() => void>();

  return {
    async answer(record) {
      underWay++;
      try {
        return await record(underWay > fewAtOnce);
      } finally {
        underWay--;
        if (underWay <= fewAtOnce) { for (const goOn of waiting) goOn(); }
      }
    },
    async lull() {
      if (underWay <= fewAtOnce) return;
      await new Promise<void>((resolve) => {
        const timer = setTimeout(goOn, longestWaitMs);
        function goOn() {
          clearTimeout(timer);
          waiting.delete(goOn);
          resolve();
        }
        waiting.add(goOn);
      });
    },
  };
}
