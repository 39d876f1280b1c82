// How a subscription comes about at Checkout: its items and their billing cycles, its session.
import { type BillingCycle, nextDayOfMonth } from "./billing_period.ts";
import { type BuyerOptions, customerOf, typedDetails } from "./buyer.ts";
import { type Checkout, createCheckout } from "./checkout.ts";
import type { Customer } from "./customer.ts";
import { invoiceTotals } from "./invoice_facts.ts";
import { createHistory } from "./history.ts";
import { publishLineItems } from "./line_items.ts";
import { createPrice, type PriceTerms } from "./price.ts";
import type { PaymentStatus } from "./session_object.ts";
import type { StripeAccount } from "./stripe_account.ts";
import { firstLines, isMetered, type SubscriptionTerms } from "./subscription_lines.ts";
import { beginningState } from "./subscription_state.ts";
import { DAY, later, wholeSecond } from "./unix_time.ts";

export type SubscribeOptions = BuyerOptions & ({ price: PriceTerms } | { prices: PriceTerms[] }) & {
  /** Default: a new customer of that e-mail and name. */
  customer?: Customer;
  /** When the buyer paid and the subscription began; default the account's now. */
  startedAt?: Date;
  /** Bill on this day of the month; until the first such day a part of the price is due. */
  anchorDay?: number;
  sessionMetadata?: Record<string, string>;
  subscriptionMetadata?: Record<string, string>;
  /** Laid over the subscription's metadata on every invoice line. */
  lineMetadata?: Record<string, string>;
  trialDays?: number;
  /** A 100 % discount for ever. */
  discount100?: boolean;
  /** Default `charge_automatically`. Checkout makes no subscription of the other method. */
  collectionMethod?: "charge_automatically" | "send_invoice";
  /** Of `send_invoice`; default 30. */
  daysUntilDue?: number;
  /** Of the session; default `paid`, or `no_payment_required` when nothing is due. */
  paymentStatus?: PaymentStatus;
};

export type OpenedSubscription = {
  customer: Customer;
  terms: SubscriptionTerms;
  checkout: Checkout;
  firstInvoiceId: string;
};

/** Throws a `TypeError` when both `trialDays` and `anchorDay` are given: one anchor only. */
export function openSubscription(
  account: StripeAccount,
  options: SubscribeOptions,
): OpenedSubscription {
  const { trialDays, anchorDay, subscriptionMetadata = {} } = options;
  if (trialDays && anchorDay) {
    throw new TypeError("Cannot anchor a subscription both to its trial's end and to a day");
  }
  const name = account.nextName("subscription");
  const startedAt = wholeSecond(options.startedAt ?? account.now);
  const trialEnd = trialDays ? later(startedAt, trialDays * DAY) : null;
  const anchor = anchorDay ? nextDayOfMonth(startedAt, anchorDay) : trialEnd ?? startedAt;
  const prices = "prices" in options ? options.prices : [options.price];

  const items = prices.map((each, index) => {
    const cycle: BillingCycle = {
      startsAt: startedAt,
      anchor,
      interval: each.interval,
      intervalCount: each.intervalCount ?? 1,
      ...(anchorDay ? { dayOfMonth: anchorDay } : {}),
    };
    const price = createPrice(account, each);
    const version = {
      from: startedAt,
      price,
      quantity: each.quantity ?? 1,
      cycle,
      metadata: each.itemMetadata ?? {},
    };
    return { id: account.ids.of("si", `${name} ${index}`), versions: [version], endsAt: null };
  });
  const terms: SubscriptionTerms = {
    id: account.ids.of("sub", name),
    timeline: { startedAt, items },
    state: createHistory(beginningState({ metadata: subscriptionMetadata, startedAt, trialEnd })),
    free: options.discount100 ?? false,
    daysUntilDue: options.collectionMethod === "send_invoice" ? options.daysUntilDue ?? 30 : null,
  };

  const customer = options.customer ?? customerOf(account, options);
  const lines = firstLines(terms);
  const { subtotal, total } = invoiceTotals(lines);
  const firstInvoiceId = account.ids.of("in", `${name} first`);
  const checkout = createCheckout(account, {
    sessionId: account.ids.of("cs", name),
    mode: "subscription",
    completedAt: startedAt,
    paymentStatus: options.paymentStatus ?? (total > 0 ? "paid" : "no_payment_required"),
    amounts: { subtotal, total },
    customer: customer.id,
    ...typedDetails(options, { customer, at: startedAt }),
    metadata: options.sessionMetadata ?? {},
    invoice: firstInvoiceId,
    paymentIntent: null,
    setupIntent: null,
    subscription: terms.id,
  });
  publishLineItems(account, {
    sessionId: checkout.sessionId,
    from: startedAt,
    lines: lines.map((line) => ({
      ...line,
      quantity: isMetered(line.price) ? null : line.quantity,
      metadata: {},
    })),
  });
  return { customer, terms, checkout, firstInvoiceId };
}
