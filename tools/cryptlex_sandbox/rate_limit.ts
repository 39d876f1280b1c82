// The Web API's limit, "a maximum burst of 50 requests per 5 second window" per address (OpenAPI
// document). The window slides, the harsher reading; refused calls do not count.

const CALLS = 50;
const WINDOW_MS = 5000;

/** What the limit says to one call. */
export type RateLimitVerdict = {
  readonly allowed: boolean;
  /** Until a call is free again; meant for `Retry-After`. */
  readonly retryAfterSeconds: number;
  /** `X-Rate-Limit-*`, on every answer. */
  readonly headers: Readonly<Record<string, string>>;
};

/** Asks whether `caller` may call now, and counts the call. */
export type RateLimit = (caller: string) => RateLimitVerdict;

/** A limit per caller; when not `enabled` nothing is counted and the headers show a full allowance. */
export function createRateLimit(
  { enabled, now }: { readonly enabled: boolean; readonly now: () => Date },
): RateLimit {
  const callers = new Map<string, number[]>();
  return (caller) => {
    const time = now().getTime();
    const recent = (callers.get(caller) ?? []).filter((at) => at > time - WINDOW_MS);
    const allowed = recent.length < CALLS;
    if (enabled && allowed) recent.push(time);
    callers.set(caller, recent);
    const reset = (recent[0] ?? time) + WINDOW_MS;
    return {
      allowed,
      retryAfterSeconds: Math.max(1, Math.ceil((reset - time) / 1000)),
      headers: {
        "X-Rate-Limit-Limit": "5s",
        "X-Rate-Limit-Remaining": String(CALLS - recent.length),
        "X-Rate-Limit-Reset": new Date(reset).toISOString(),
      },
    };
  };
}
