// What goes wrong with Stripe's read API, on demand.

/** A status to answer with, or `hang`: never to answer. */
export type StripeFault = number | "hang";

export type StripeFaults = {
  /** The next requests, one unless told otherwise, get it; told again, those after them. */
  next(fault: StripeFault, options?: { times?: number; retryAfter?: number }): void;
  /** Every request gets it, until `up`; default 500. What `next` was told comes before it. */
  down(fault?: StripeFault): void;
  /** All is well again. */
  up(): void;
};

/** Seconds a 429 asks to wait. */
export type PlannedFault = { fault: StripeFault; retryAfter?: number };

/** The faults, and `take`: what befalls the next request; null when it is answered. */
export function createStripeFaults(): StripeFaults & { take(): PlannedFault | null } {
  const planned: PlannedFault[] = [];
  let lasting: PlannedFault | null = null;

  return {
    next(fault, { times = 1, ...more } = {}) {
      for (let count = 0; count < times; count++) planned.push({ fault, ...more });
    },
    down(fault = 500) {
      lasting = { fault };
    },
    up() {
      planned.length = 0;
      lasting = null;
    },
    take: () => planned.shift() ?? lasting,
  };
}
