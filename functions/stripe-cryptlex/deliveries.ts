// How many deliveries wait for their answer here, and when there are few.

/** One sale tells of itself in so many events or less, all at once; more are a burst. */
const fewAtOnce = 8;

/** The next ones of a burst come within this of the last ones' answers, milliseconds. */
const soonMs = 100;

/** What waits for a lull waits no longer than this, milliseconds: where it never comes buyers wait, too. */
const longestWaitMs = 1_000;

/** As many are taken up at once after it: more only wait for the database, and hold what they claimed. */
const sideBySide = 100;

/** In a burst all are written down first: Stripe waits for an answer, and Cryptlex's limit is waited for anyway. */
export type Deliveries = {
  /**
   * Counts as one until `record` has ended, which is told whether there is a burst: more than the
   * events of one sale at once, until they let up.
   */
  answer<T>(record: (isBurst: boolean) => Promise<T>): Promise<T>;
  /** Does it once there is no burst, or after a second, a hundred at a time; resolves and rejects as it does. */
  later(work: () => Promise<void>): Promise<void>;
};

/** Those of one isolate. */
export function createDeliveries(): Deliveries {
  let underWay = 0;
  let working = 0;
  let ending: ReturnType<typeof setTimeout> | undefined;
  const waiting = new Set<() => void>();
  const queue: (() => void)[] = [];

  function endBurst(): void {
    ending = undefined;
    for (const goOn of waiting) goOn();
  }

  function lull(): Promise<void> {
    return new Promise<void>((resolve) => {
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
      if (underWay > fewAtOnce) ending = void clearTimeout(ending);
      try {
        return await record(underWay > fewAtOnce || waiting.size > 0);
      } finally {
        underWay--;
        if (underWay <= fewAtOnce && waiting.size > 0) ending ??= setTimeout(endBurst, soonMs);
      }
    },
    async later(work) {
      await lull();
      if (working >= sideBySide) await new Promise<void>((resolve) => queue.push(resolve));
      else working++;
      try {
        await work();
      } finally {
        const next = queue.shift();
        if (next === undefined) working--;
        else next();
      }
    },
  };
}
