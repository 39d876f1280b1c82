// One request, one outcome: the rate limit, then a fault if one waits, then the request itself.
// Knows no transport and waits for nothing.

import type { Account } from "./account.ts";
import { type Answer, refusalAnswer, throttledAnswer, withRetryAfter } from "./answer.ts";
import type { Fault, Faults } from "./faults.ts";
import { type Door, perform, type SandboxRequest } from "./perform.ts";
import type { RateLimit } from "./rate_limit.ts";

/** One call the sandbox saw. */
export type SandboxCall = {
  readonly method: string;
  /** Without the query. */
  readonly path: string;
  /** With its `?`, or `""`. */
  readonly query: string;
  /** `null` while, or when never, answered. */
  readonly status: number | null;
  readonly at: Date;
  /** Did it change anything? A late write turns this on when it lands. */
  readonly wrote: boolean;
};

/** A call still being written. */
export type OpenCall = { -readonly [K in keyof SandboxCall]: SandboxCall[K] };

/** What the caller gets: an answer, a cut connection, or nothing ever. */
export type Outcome = Answer | "lost" | "never";

/** What an exchange is made of. */
export type ExchangeParts = {
  readonly account: Account;
  readonly door: Door;
  readonly limit: RateLimit;
  readonly faults: Faults;
  /** Runs `write` after `ms`; whoever asks whether the sandbox has settled waits for it. */
  later(ms: number, write: () => void): void;
};

/** Carries requests out; `call` is told whether anything was written. */
export function createExchange(
  { account, door, limit, faults, later }: ExchangeParts,
): (request: SandboxRequest, call: OpenCall) => Outcome {
  function judged(request: SandboxRequest, call: OpenCall, limited: number | null): Outcome {
    if (limited !== null) {
      const { rateLimitBody, rateLimitRetryAfter } = account.switches;
      const seconds = rateLimitRetryAfter ? limited : undefined;
      return withRetryAfter(throttledAnswer(rateLimitBody), seconds);
    }
    const fault = faults.take(request.method, request.url.pathname);
    const carryOut = () => {
      const { answer, wrote } = perform(account, request, door);
      call.wrote = wrote;
      return answer;
    };
    return fault ? suffer(fault, carryOut, later) : carryOut();
  }

  return (request, call) => {
    const verdict = limit(request.headers.get("x-forwarded-for") ?? "");
    const outcome = judged(request, call, verdict.allowed ? null : verdict.retryAfterSeconds);
    if (typeof outcome === "string") return outcome;
    return { ...outcome, headers: { ...outcome.headers, ...verdict.headers } };
  };
}

function suffer(fault: Fault, carryOut: () => Answer, later: ExchangeParts["later"]): Outcome {
  const failure = () => {
    const answer = refusalAnswer({
      status: fault.status ?? 500,
      message: "A fault of the sandbox.",
    });
    return withRetryAfter(answer, fault.retryAfterSeconds);
  };
  switch (fault.kind) {
    case "hang":
      return "never";
    case "lost_before":
      return "lost";
    case "status_before":
      return failure();
    case "plain_429":
      return withRetryAfter(throttledAnswer("text"), fault.retryAfterSeconds);
    case "status_after":
      carryOut();
      return failure();
    case "lost_after":
      carryOut();
      return "lost";
    case "late_write":
      later(fault.lateMs ?? 100, carryOut);
      return "lost";
    case "broken_body_after": {
      const answer = carryOut();
      return { ...answer, body: answer.body?.slice(0, answer.body.length / 2) ?? null };
    }
  }
}
