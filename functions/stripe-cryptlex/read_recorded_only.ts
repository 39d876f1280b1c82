// Events that change no license, recorded for who looks into a purchase: with what would change it.

import type { Reading } from "./reading.ts";
import type { FailedInvoice } from "./stripe_invoice.ts";
import type { FraudWarning } from "./stripe_money.ts";

/** An `invoice.payment_failed` event. */
export function readFailedInvoice(invoice: FailedInvoice): Reading {
  const { attempt_count, next_payment_attempt } = invoice;
  const subscription = invoice.parent?.subscription_details?.subscription ?? invoice.subscription;
  const attempt = attempt_count === null ? "an attempt" : `attempt ${attempt_count}`;
  const next = next_payment_attempt === null
    ? "Stripe will not try again by itself"
    : `Stripe tries again on ${utcDate(next_payment_attempt)}`;
  return {
    kind: "ignored",
    reason: `${attempt} to collect an invoice failed; ${next}. A license works until the time ` +
      "paid for and RENEWAL_GRACE_DAYS are over",
    stripeIds: [subscription, invoice.id].filter((id) => id !== null),
  };
}

/** A `radar.early_fraud_warning.created` event (docs.stripe.com/radar/early-fraud-warnings). */
export function readFraudWarning({ payment_intent }: FraudWarning): Reading {
  return {
    kind: "ignored",
    reason: "an early fraud warning, recorded only: a refund or a dispute would change the license",
    stripeIds: payment_intent === null ? [] : [payment_intent],
  };
}

function utcDate(seconds: number): string {
  return `${new Date(seconds * 1000).toISOString().slice(0, 10)} (UTC)`;
}
