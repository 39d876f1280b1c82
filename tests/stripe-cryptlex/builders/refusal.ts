// Cryptlex's errors, as its client throws them.

import {
  CryptlexAnsweredError,
  CryptlexUnansweredError,
} from "../../../functions/stripe-cryptlex/cryptlex_errors.ts";

const call = { method: "POST", path: "/v3/licenses" };

export function refusal(
  status: number,
  answer: { code?: string; message?: string; retryAfterSeconds?: number } = {},
): CryptlexAnsweredError {
  return new CryptlexAnsweredError(call, {
    status,
    code: answer.code ?? null,
    message: answer.message ?? "no",
    retryAfterSeconds: answer.retryAfterSeconds ?? null,
  });
}

export function noAnswer(): CryptlexUnansweredError {
  return new CryptlexUnansweredError(call, "nothing within 500 ms");
}
