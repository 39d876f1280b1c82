// Faults asked for by a test: which request meets which. Does nothing to the request itself.

/** A fault for the requests it matches. */
export type Fault = {
  readonly kind:
    /** `status` (default 500), nothing is done. */
    | "status_before"
    /** The request is done, the answer is `status` (default 500). */
    | "status_after"
    /** 429 as plain text, nothing is done. */
    | "plain_429"
    /** No answer, ever; nothing is done. */
    | "hang"
    /** The connection is cut, nothing is done. */
    | "lost_before"
    /** The request is done, then the connection is cut. */
    | "lost_after"
    /** The connection is cut at once; the request is done `lateMs` (default 100) later. */
    | "late_write"
    /** The request is done; the answer's body ends half-way. */
    | "broken_body_after";
  /** Default: any. */
  readonly method?: string;
  /** Tested against the path without its query. Default: any. */
  readonly path?: RegExp;
  /** How many requests meet it. Default 1; `Infinity` for all. */
  readonly times?: number;
  readonly status?: number;
  /** `Retry-After` of an answered fault. Default: no such header. */
  readonly retryAfterSeconds?: number;
  /** `Infinity`: it waits for `settled()`. */
  readonly lateMs?: number;
  /** Chance that a matching request meets it, 0..1. Default 1. */
  readonly probability?: number;
  /** Default `Math.random`. */
  readonly random?: () => number;
};

/** Faults waiting for their request. */
export type Faults = {
  queue(fault: Fault): void;
  clear(): void;
  /** How often each kind was met. */
  counts(): Record<string, number>;
  /** The first waiting fault this request meets. */
  take(method: string, path: string): Fault | undefined;
};

/** No faults yet. */
export function createFaults(): Faults {
  let waiting: { readonly fault: Fault; left: number }[] = [];
  const met: Record<string, number> = {};
  return {
    queue: (fault) => void waiting.push({ fault, left: fault.times ?? 1 }),
    clear: () => void (waiting = []),
    counts: () => ({ ...met }),
    take(method, path) {
      const next = waiting.find(({ fault }) => meets(fault, method, path));
      if (!next) return undefined;
      next.left -= 1;
      if (next.left <= 0) waiting = waiting.filter((entry) => entry !== next);
      met[next.fault.kind] = (met[next.fault.kind] ?? 0) + 1;
      return next.fault;
    },
  };
}

function meets(fault: Fault, method: string, path: string): boolean {
  if (fault.method !== undefined && fault.method.toUpperCase() !== method) return false;
  // A RegExp with the flag g or y remembers where it stopped; search() does not care.
  if (fault.path !== undefined && path.search(fault.path) < 0) return false;
  return fault.probability === undefined || (fault.random ?? Math.random)() < fault.probability;
}
