// What Stripe's client throws -> our error: told without ids, keys or Stripe's own words, which name
// them.

import { StripeReadError } from "./stripe_read_error.ts";

/** The error for what Stripe's client threw at that call; `listedIn`: where the permissions are. */
export async function stripeReadError(
  call: string,
  error: unknown,
  listedIn = "README",
): Promise<StripeReadError> {
  const { errors } = (await import("stripe")).default;
  if (!(error instanceof errors.StripeError) || error.statusCode === undefined) {
    const isSilence = error instanceof errors.StripeConnectionError;
    return new StripeReadError(call, null, isSilence ? "none came" : "it is broken", {
      cause: error,
    });
  }
  const { statusCode, code, message } = error;
  const said = code === undefined ? `${statusCode}` : `${statusCode} ${code}`;
  return new StripeReadError(
    call,
    statusCode,
    `${said}${advice(statusCode, { message, listedIn })}`,
  );
}

/** What to do about it. Stripe names the permissions a restricted key would need. */
function advice(
  status: number,
  { message, listedIn }: { message: string; listedIn: string },
): string {
  switch (status) {
    case 401:
      return " (is STRIPE_SECRET_KEY right, and neither rolled nor expired?)";
    case 403: {
      const lacking = [...new Set(message.match(/\brak_[a-z0-9_]+\b/g))];
      return lacking.length > 0
        ? ` (STRIPE_SECRET_KEY lacks the permission ${lacking.join(" or ")}; ${listedIn} lists all)`
        : ` (does STRIPE_SECRET_KEY have the permissions ${listedIn} lists?)`;
    }
    default:
      return "";
  }
}
