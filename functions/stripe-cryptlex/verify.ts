// Is this body Stripe's? Checks the signature before anything is parsed.

import { parseJson } from "./parse_json.ts";

/** The body was not signed with any of our secrets, or not now. Says the likely cause. */
export class SignatureVerificationError extends Error {
  override readonly name = "SignatureVerificationError";
  readonly retryable = false;
}

/** How far a delivery's timestamp may be off, seconds: Stripe's own default. */
const toleranceSeconds = 300;

/**
 * The JSON in a body that Stripe signed, a snapshot event or a thin one.
 *
 * Several secrets are normal: one for each endpoint, and two while one is rolled
 * (docs.stripe.com/webhooks/signature). `now` is the clock the age is measured by.
 *
 * @throws {SignatureVerificationError} when no secret fits, or the timestamp is too old or too new.
 */
export async function verify(
  body: string,
  options: { signature: string | null; secrets: readonly string[]; now: Date },
): Promise<unknown> {
  const { signature, secrets, now } = options;
  if (signature === null || signature === "") {
    throw new SignatureVerificationError("Cannot accept a delivery without Stripe-Signature");
  }
  // Stripe's verifier refuses what is too old; what is too new could be kept for later.
  const timestamp = Number(/(?:^|,)t=(\d+)(?:,|$)/.exec(signature)?.[1]);
  if (!(timestamp <= now.getTime() / 1000 + toleranceSeconds)) {
    throw new SignatureVerificationError(
      "Cannot accept a delivery signed in the future or without a time: check the clock here",
    );
  }
  for (const secret of secrets) {
    const verified = await verifyWith(secret, { body, signature, now });
    if (verified !== null) return verified.event;
  }
  throw new SignatureVerificationError(
    "No signing secret fits this delivery, or it is older than 5 minutes: compare " +
      "STRIPE_WEBHOOK_SECRET with the endpoint's own (each endpoint, and each mode, has another)",
  );
}

async function verifyWith(
  secret: string,
  { body, signature, now }: { body: string; signature: string; now: Date },
): Promise<{ event: unknown } | null> {
  // Not at the top: a drain, or a look at the health, never needs it.
  const { default: Stripe } = await import("stripe");
  const { webhooks } = Stripe;
  const signed = [body, signature, secret, toleranceSeconds, undefined, now.getTime()] as const;
  try {
    return { event: await webhooks.constructEventAsync(...signed) };
  } catch (error) {
    if (error instanceof Stripe.errors.StripeSignatureVerificationError) return null;
  }
  // It also throws on what was signed but is no snapshot event (a thin one, or no JSON), and on a
  // header it cannot take apart: only its verifier's plain yes tells these from each other.
  try {
    const fits = await webhooks.signature?.verifyHeaderAsync(...signed);
    return fits === true ? { event: parseJson(body) } : null;
  } catch {
    return null;
  }
}
