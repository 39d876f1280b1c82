// Cryptlex as a tool asks it: at half of what it allows, waiting where it says so, reads tried again.

import type { z } from "zod";
import {
  CryptlexAnsweredError,
  CryptlexUnansweredError,
} from "../../functions/stripe-cryptlex/cryptlex_errors.ts";
import {
  type CryptlexConnection,
  type CryptlexRequest,
  requestCryptlex,
} from "../../functions/stripe-cryptlex/cryptlex_request.ts";
import type { CallRate } from "../../functions/stripe-cryptlex/ledger.ts";

/** One request, sooner or later; rejects as `requestCryptlex` does. */
export type AskCryptlex = <T extends z.ZodType>(
  request: CryptlexRequest,
  schema: T,
) => Promise<z.infer<T>>;

const mostTries = 5;
/** Its `Retry-After`, or after no answer, in seconds at most. */
const longestWait = 60;

/** The function's own calls go on beside it: hence half. `wait` takes, `now` gives milliseconds. */
export function createPatientCryptlex(
  connection: CryptlexConnection,
  { rate, wait, now = () => performance.now() }: {
    rate: CallRate;
    wait: (ms: number) => Promise<void>;
    now?: () => number;
  },
): AskCryptlex {
  const gapMs = 2 * 1000 * rate.seconds / rate.calls;
  let nextMs = 0;

  async function turn(): Promise<void> {
    const nowMs = now();
    const mineMs = Math.max(nowMs, nextMs);
    nextMs = mineMs + gapMs;
    // A gap that no timer can keep is none.
    if (mineMs - nowMs >= 1) await wait(mineMs - nowMs);
  }

  return async (request, schema) => {
    for (let tries = 1;; tries++) {
      await turn();
      try {
        return (await requestCryptlex(connection, request, schema)).body;
      } catch (error) {
        const seconds = waitSeconds(error, { request, tries });
        if (seconds === null || tries >= mostTries) throw error;
        await wait(1000 * Math.min(seconds, longestWait));
      }
    }
  };
}

/** Null: trying again would not do. What is done once may be tried again only if it was refused. */
function waitSeconds(
  error: unknown,
  { request, tries }: { request: CryptlexRequest; tries: number },
): number | null {
  if (error instanceof CryptlexAnsweredError) {
    return error.status === 429 ? error.answer.retryAfterSeconds ?? 5 : null;
  }
  const mayRepeat = request.method === "GET" && error instanceof CryptlexUnansweredError;
  return mayRepeat ? 2 ** (tries - 1) / 2 : null;
}
