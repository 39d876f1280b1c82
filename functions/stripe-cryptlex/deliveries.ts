// How many deliveries wait for their answer here, and what is left until they let up.

/** The events of one sale come together; more at once are a burst. */
const fewAtOnce = 4;

/** What waits for a lull waits no longer than this, milliseconds: where it never comes buyers wait, too. */
const longestWaitMs = 1_000;

/** In a burst all are written down first: Stripe waits for an answer, and what they ask for can wait. */
export type Deliveries = {
  /** Counts as one until `record` has ended, which is told whether there is a burst. */
  answer<T>(record: (isBurst: boolean) => Promise<T>): Promise<T>;
  /** Resolves once there is no burst, or after a second. */
  lull(): Promise<void>;
  /**
   * Does `work` in the next lull, for as many as were left for it until then, and so on until none
   * is. At once if that is under way: it does this one, too. Rejects as `work` does.
   */
  leave(work: (many: number) => Promise<unknown>): Promise<void>;
};

/** Those of one isolate. */
export function createDeliveries(): Deliveries {
  let underWay = 0;
  let left = 0;
  let isAtWork = false;
  const waiting = new Set<() => void>();

  async function lull(): Promise<void> {
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
  }

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
    lull,
    async leave(work) {
      left++;
      if (isAtWork) return;
      isAtWork = true;
      try {
        while (left > 0) {
          await lull();
          const many = left;
          left = 0;
          await work(many);
        }
      } finally {
        isAtWork = false;
      }
    },
  };
}
