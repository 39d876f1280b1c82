// Answers as text and headers. Decides nothing.

import type { Refusal } from "./refusal.ts";
import type { RouteReply } from "./routes.ts";

/** An answer as any transport can send it. */
export type Answer = {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string | null;
};

// Statuses whose answers have no body (fetch standard).
const BODILESS = [204, 205, 304];

/** A reply as JSON. */
export function replyAnswer({ status, body, headers }: RouteReply): Answer {
  if (body === undefined || BODILESS.includes(status)) {
    return { status, headers: headers ?? {}, body: null };
  }
  const contentType = { "Content-Type": "application/json; charset=utf-8" };
  return { status, headers: { ...contentType, ...headers }, body: JSON.stringify(body) };
}

/** A refusal as HttpErrorResponseDto. */
export function refusalAnswer(
  { status, message, code }: Pick<Refusal, "status" | "message" | "code">,
): Answer {
  return replyAnswer({ status, body: code === undefined ? { message } : { message, code } });
}

/** The rate limit's 429, in the words of AspNetCoreRateLimit, whose header names the API uses. */
export function throttledAnswer(form: "json" | "text"): Answer {
  const message = "API calls quota exceeded! maximum admitted 50 per 5s.";
  return form === "json"
    ? replyAnswer({ status: 429, body: { message } })
    : { status: 429, headers: { "Content-Type": "text/plain" }, body: message };
}

/** `answer` with `Retry-After`, unless the seconds are not given. */
export function withRetryAfter(answer: Answer, seconds: number | undefined): Answer {
  if (seconds === undefined) return answer;
  return { ...answer, headers: { ...answer.headers, "Retry-After": String(seconds) } };
}
