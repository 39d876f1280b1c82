// Stripe's delivery: signs a payload and posts it. The sandbox's only IO.
import Stripe from "stripe";
import type { StripeEvent } from "./stripe_event.ts";
import type { ThinEvent } from "./thin_event.ts";
import { unixTime } from "./unix_time.ts";

export type SigningOptions = {
  /** The endpoint's signing secret, `whsec_…`. */
  secret: string;
  /** When it was signed; default now. */
  at?: Date;
};

/** The `Stripe-Signature` header for this exact payload, made by Stripe's own library. */
export function signatureHeader(payload: string, options: SigningOptions): Promise<string> {
  return Stripe.webhooks.generateTestHeaderStringAsync({
    payload,
    secret: options.secret,
    timestamp: unixTime(options.at ?? new Date()),
  });
}

/**
 * Posts an event (or a ready body) to a webhook endpoint the way Stripe does and returns the
 * endpoint's answer.
 */
export async function deliver(
  url: string,
  event: StripeEvent | ThinEvent | string,
  options: SigningOptions & { fetch?: typeof fetch },
): Promise<Response> {
  const { fetch: send = fetch, ...signing } = options;
  // Stripe indents its bodies: whoever signs a re-serialised body is found out.
  const body = typeof event === "string" ? event : JSON.stringify(event, null, 2);
  return await send(url, {
    method: "POST",
    headers: {
      "Accept": "*/*; q=0.5, application/xml",
      "Cache-Control": "no-cache",
      "Content-Type": "application/json; charset=utf-8",
      "Stripe-Signature": await signatureHeader(body, signing),
      "User-Agent": "Stripe/1.0 (+https://stripe.com/docs/webhooks)",
    },
    body,
  });
}
