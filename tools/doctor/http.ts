// Single requests, each answered or not; no retries. Knows nobody's API.

import { parseJson } from "../../functions/stripe-cryptlex/parse_json.ts";

/** What came back; `status` 0: nothing did. */
export type Answer = {
  readonly status: number;
  readonly headers: Headers;
  /** Parsed; undefined: it is no JSON. */
  readonly body: unknown;
};

export type Request = {
  readonly method?: "GET" | "POST" | "PATCH";
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: unknown;
};

/** Asks; never rejects. */
export type Ask = (url: string, request?: Request) => Promise<Answer>;

export type Http = {
  readonly fetch: typeof fetch;
  readonly now: () => Date;
  readonly timeoutMs: number;
  /** Told how far the clock of who answered is from ours. */
  readonly onSkew: (skewMs: number) => void;
  /** Where it shows its clock, milliseconds, NaN: not in this answer. Default: its `Date`. */
  readonly readClock?: (answer: Answer) => number;
};

/** In the middle of its second: a `Date` has no fraction. */
function dateOf({ headers }: Answer): number {
  return new Date(headers.get("date") ?? NaN).getTime() + 500;
}

export function createAsk(
  { fetch, now, timeoutMs, onSkew, readClock = dateOf }: Http,
): Ask {
  return async (url, { method = "GET", headers = {}, body } = {}) => {
    const sentAt = now().getTime();
    try {
      const response = await fetch(url, {
        method,
        headers: {
          accept: "application/json",
          ...(body === undefined ? {} : { "content-type": "application/json" }),
          ...headers,
        },
        ...(body === undefined ? {} : { body: JSON.stringify(body) }),
        // What is sent along is meant for this address alone.
        redirect: "manual",
        signal: AbortSignal.timeout(timeoutMs),
      });
      const { status, headers: told } = response;
      const answer = { status, headers: told, body: parseJson(await response.text()) };
      // The middle of the exchange.
      const skewMs = readClock(answer) - (sentAt + now().getTime()) / 2;
      if (!Number.isNaN(skewMs)) onSkew(skewMs);
      return answer;
    } catch {
      return { status: 0, headers: new Headers(), body: undefined };
    }
  };
}

/** `401`, or that nothing came. */
export function said({ status }: Answer): string {
  return status === 0 ? "no answer" : String(status);
}

/** The address without its query and trailing slashes: as two are compared. */
export function bare(url: string): string {
  return url.replace(/[?#].*$/s, "").replace(/\/+$/, "");
}

/** On this machine: nobody else reaches it. */
export function isLoopback(url: string): boolean {
  return /^(localhost|127\.\d+\.\d+\.\d+|\[::1\])$/.test(new URL(url).hostname);
}
