// Calls that must not be repeated or overtaken, marked when nobody knows whether they happened.

import { CryptlexUnansweredError } from "./cryptlex_errors.ts";
import { UnheardError } from "./trouble.ts";

/** What the call answers; rejects with `UnheardError` instead of `CryptlexUnansweredError`. */
export async function markUnheard<T>(call: Promise<T>): Promise<T> {
  try {
    return await call;
  } catch (error) {
    throw error instanceof CryptlexUnansweredError ? new UnheardError(error) : error;
  }
}
