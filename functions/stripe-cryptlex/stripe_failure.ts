// What Stripe's client throws -> our error: told without ids, keys or Stripe's own words, which name
// them.

import { StripeReadError } from "./stripe_read_error.ts";

/** The error for what Stripe's client threw at that call. */
export async function stripeReadError(call: string, error: unknown): Promise<StripeReadError> {
  const { errors } = (await import("stripe")).default;
  if (!(error instanceof errors.StripeError) || error.statusCode === undefined) {
    const isSilence = error instanceof errors.StripeConnectionError;
    return new StripeReadError(call, null, isSilence ? "none came" : "it is broken", {
      cause: error,
    });
  }
  const { statusCode, code, message } = error;
  const said = code === undefined ? `${statusCode}` : `${statusCode} ${code}`;
  return new StripeReadError(call, statusCode, `${said}${advice(statusCode, message)}`);
}

/** What to do about it. Stripe names the permissions a restricted key would need. */
function advice(status: number, message: string): string {
  switch (status) {
    case 401:
      return " (is STRIPE_SECRET_KEY right, and neither rolled nor expired?)";
    case 403: {
      const lacking = [...new Set(message.match(/\brak_[a-z0-9_]+\b/g))];
      return lacking.length > 0
        ? ` (STRIPE_SECRET_KEY lacks the permission ${lacking.join(" or ")})`
        : " (does STRIPE_SECRET_KEY have the permissions README lists?)";
    }
    default:
      return "";
  }
}
