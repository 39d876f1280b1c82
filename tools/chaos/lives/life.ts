// A subscription's life under way: the moment it has come to, and all that was told of it. Knows no
// kinds of events.

import type { Payment } from "../../stripe_sandbox/payment.ts";
import type { PriceTerms } from "../../stripe_sandbox/price.ts";
import type { StripeEvent } from "../../stripe_sandbox/stripe_event.ts";
import type { Subscription } from "../../stripe_sandbox/subscription.ts";
import { HOUR, later } from "../../stripe_sandbox/unix_time.ts";
import type { SeededRandom } from "../seeded_random.ts";

/** What the merchant's endpoint is sent besides sessions and invoices. */
export type Sends = { readonly subscriptions: boolean; readonly payments: boolean };

/** An item, under its number among all there ever were. */
export type LifeItem = { price: PriceTerms; isThere: boolean };

export type Life = {
  readonly sale: Subscription;
  readonly random: SeededRandom;
  readonly sends: Sends;
  readonly items: LifeItem[];
  /** What was paid, and can go back. */
  readonly payments: Payment[];
  readonly events: StripeEvent[];
  at: Date;
  /** How many periods were begun. */
  period: number;
  /** When a trial ends, or ended; null: there was none. */
  trialEnd: Date | null;
  hasChangedInterval: boolean;
  /** Goes on to a moment later in the period that runs; null: too little of it is left. */
  pass(): Date | null;
  /** Null: nothing happened. */
  tell(...events: readonly (StripeEvent | null)[]): void;
  /** An invoice that was paid, with its payment, if anything was due. */
  tellPaid(paid: { invoicePaid: StripeEvent | null; payment: Payment | null }): void;
};

/** Something that can happen in it; tells what, for people; null: it cannot happen now. */
export type Happening = (life: Life) => string | null;

export function beginLife(
  { sale, random, sends, prices, at }: Pick<Life, "sale" | "random" | "sends" | "at"> & {
    prices: readonly PriceTerms[];
  },
): Life {
  const life: Life = {
    sale,
    random,
    sends,
    items: prices.map((price) => ({ price, isThere: true })),
    payments: [],
    events: [],
    at,
    period: 0,
    trialEnd: sale.trialEnd,
    hasChangedInterval: false,
    pass() {
      const left = (sale.periodEnd(life.period).getTime() - life.at.getTime()) / 1000;
      if (left < 12 * HOUR) return null;
      life.at = later(life.at, Math.round(HOUR + random.between(0, 0.4) * (left - 6 * HOUR)));
      return life.at;
    },
    tell: (...events) => life.events.push(...events.filter((event) => event !== null)),
    tellPaid({ invoicePaid, payment }) {
      life.tell(invoicePaid);
      if (payment === null) return;
      life.payments.push(payment);
      if (sends.payments) life.tell(payment.invoicePaymentPaid());
    },
  };
  return life;
}

export function isInTrial({ at, trialEnd }: Life): boolean {
  return trialEnd !== null && at < trialEnd;
}

/** Tells the n-th invoice, paid then, or when Stripe usually has the money. */
export function tellInvoice(life: Life, n: number, paidAt?: Date): void {
  const options = paidAt && { paidAt };
  const invoicePaid = n === 0
    ? life.sale.firstInvoicePaid(options)
    : life.sale.renewalPaid(n, options);
  const isDue = Number(invoicePaid.data.object["amount_due"]) > 0;
  life.tellPaid({ invoicePaid, payment: isDue ? life.sale.payment(n) : null });
  const paid = later(new Date(invoicePaid.created * 1000), HOUR);
  if (paid > life.at) life.at = paid;
}
