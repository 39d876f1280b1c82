// An error -> what to do about the purchase it came up in. Pure.

import { errorMessage } from "./log.ts";
import { CryptlexAnsweredError, CryptlexUnansweredError } from "./cryptlex_errors.ts";
import { StripeReadError } from "./stripe_read_error.ts";

/**
 * What was done is to be written down before the rest: go on in a fresh lease, at once if anything
 * was done.
 */
export class PartDoneError extends Error {
  override readonly name = "PartDoneError";
  readonly retryable = true;

  constructor(message: string, readonly hasProgress: boolean) {
    super(message);
  }
}

/** A call that must not be repeated or overtaken went unanswered: it may happen still. */
export class UnheardError extends Error {
  override readonly name = "UnheardError";
  readonly retryable = true;

  constructor(override readonly cause: CryptlexUnansweredError) {
    super(cause.message);
  }
}

/** A renewal was made, and its date not yet corrected: the retry must not take it for paid time. */
export class UncorrectedRenewalError extends Error {
  override readonly name = "UncorrectedRenewalError";
  readonly retryable = true;

  constructor(override readonly cause: unknown) {
    super(errorMessage(cause));
  }
}

/** Only a person can help: says how. */
export class NeedsPersonError extends Error {
  override readonly name = "NeedsPersonError";
  readonly retryable = false;
}

/** How to go on. Durations in seconds; null: none. */
export type Trouble = {
  readonly message: string;
  /** Null: it is parked. */
  readonly retrySeconds: number | null;
  readonly quietSeconds: number | null;
  readonly pauseSeconds: number | null;
  readonly mustRead: boolean;
};

const minute = 60;
/** The longest pause we let a `Retry-After` impose. */
const longestPause = 5 * minute;

/**
 * What an error means for its purchase. `attempts` counts those before; `random` is in [0, 1).
 *
 * Unanswered and unsafe to repeat: nobody touches it until the call must be over, then it is read.
 * A rate limit pauses all workers. A refused token is retried slowly: every purchase meets it.
 */
export function troubleOf(
  error: unknown,
  { attempts, timeoutMs, random }: { attempts: number; timeoutMs: number; random: number },
): Trouble {
  const message = errorMessage(error);
  const trouble: Trouble = {
    message,
    retrySeconds: retryDelay(attempts, random),
    quietSeconds: null,
    pauseSeconds: null,
    mustRead: false,
  };
  if (error instanceof UncorrectedRenewalError) {
    return { ...troubleOf(error.cause, { attempts, timeoutMs, random }), mustRead: true };
  }
  if (error instanceof PartDoneError) {
    // Else a part that comes to nothing would be begun again and again.
    return error.hasProgress ? { ...trouble, retrySeconds: 0 } : trouble;
  }
  if (error instanceof UnheardError) {
    return { ...trouble, quietSeconds: 3 * timeoutMs / 1000, mustRead: true };
  }
  // Like a token Cryptlex refuses: every purchase meets it until a person has mended it.
  if (error instanceof StripeReadError && [401, 403].includes(error.status ?? 0)) {
    return { ...trouble, retrySeconds: Math.max(retryDelay(attempts, random), minute) };
  }
  if (error instanceof NeedsPersonError) return { ...trouble, retrySeconds: null };
  if (error instanceof CryptlexAnsweredError) {
    switch (error.status) {
      case 429: {
        const asked = Math.min(Math.max(error.answer.retryAfterSeconds ?? 5, 1), longestPause);
        const pause = asked * (1 + random / 4);
        return { ...trouble, retrySeconds: pause, pauseSeconds: pause };
      }
      case 401:
      case 403:
        return { ...trouble, retrySeconds: Math.max(retryDelay(attempts, random), minute) };
      default:
        return { ...trouble, retrySeconds: null };
    }
  }
  return trouble;
}

/** Exponential from 5 seconds to an hour, the second half of each delay left to chance. Seconds. */
export function retryDelay(attempts: number, random: number): number {
  const delay = Math.min(5 * 2 ** Math.min(attempts, 20), 60 * minute);
  return delay / 2 + (delay / 2) * random;
}
