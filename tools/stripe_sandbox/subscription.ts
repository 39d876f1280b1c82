// A subscription bought at Checkout, or made in the Dashboard: its session, its invoices, its
// changes and its end, as events.
import type { Checkout } from "./checkout.ts";
import type { Customer } from "./customer.ts";
import type { PlannedInvoice } from "./invoice_draft.ts";
import { invoicePaid, invoicePaymentFailed } from "./invoice_events.ts";
import { createInvoicePayments } from "./invoice_payments.ts";
import type { Payment } from "./payment.ts";
import { asReadToday, type StripeAccount } from "./stripe_account.ts";
import type { StripeEvent } from "./stripe_event.ts";
import { createBilling } from "./subscription_billing.ts";
import { applyPriceChange, type PriceChangeOptions } from "./subscription_change.ts";
import { createSubscriptionChanges, type SubscriptionChanges } from "./subscription_changes.ts";
import { createSubscriptionEvents, type SubscriptionEvents } from "./subscription_events.ts";
import { subscriptionObject } from "./subscription_object.ts";
import { openSubscription, type SubscribeOptions } from "./subscription_opening.ts";
import { createSubscriptionTeller } from "./subscription_teller.ts";
import { renewalDate } from "./subscription_timeline.ts";
import { HOUR, later, wholeSecond } from "./unix_time.ts";

/** Of a failed charge: Stripe tries again eight times within two weeks. */
const RETRIES = 8;
const RETRY_AFTER = 42 * HOUR;

/** `changePlan`, of which it gives the invoice only, and makes another change at every call. */
export type ChangePrice = {
  (change: PriceChangeOptions & { prorationBehavior: "always_invoice" }): StripeEvent;
  (change: PriceChangeOptions): StripeEvent | null;
};

/** `completed` of its Checkout is `checkoutCompleted` here. */
export type Subscription =
  & Omit<Checkout, "completed">
  & SubscriptionEvents
  & SubscriptionChanges
  & {
    /** `sub_…`. */
    readonly id: string;
    readonly customer: Customer;
    /** `si_…`, in the order of the prices, then of those added. */
    readonly itemIds: string[];
    /** Null without a trial from the start. */
    readonly trialEnd: Date | null;
    /** `checkout.session.completed`; one made in the Dashboard has none. */
    checkoutCompleted(): StripeEvent;
    /** `invoice.paid` with `subscription_create`; its total is 0 for a trial or a full discount. */
    firstInvoicePaid(options?: { paidAt?: Date }): StripeEvent;
    /**
     * `invoice.paid` with `subscription_cycle`, n = 1, 2, …: created as its period begins, paid an
     * hour later, or on its last day if it was sent to the customer.
     */
    renewalPaid(n: number, options?: { paidAt?: Date }): StripeEvent;
    /**
     * `invoice.payment_failed` of the n-th invoice, 0 the first: its attempts count from 1, eight
     * more follow within two weeks.
     */
    paymentFailed(
      n: number,
      options?: { attempt?: number; at?: Date; nextAttempt?: Date | null },
    ): StripeEvent;
    /** The payment of the n-th invoice, 0 the first; throws a `TypeError` when nothing was due. */
    payment(n: number): Payment;
    /** When the n-th period ends and renewal n + 1 falls due; period 0 is the first invoice's. */
    periodEnd(n: number): Date;
    changePrice: ChangePrice;
  };

export function createSubscription(
  account: StripeAccount,
  options: SubscribeOptions,
): Subscription {
  const { customer, terms, checkout, firstInvoiceId } = openSubscription(account, options);
  const { completed, ...session } = checkout;
  const { timeline, id } = terms;
  const billing = createBilling(account, {
    terms,
    customer,
    firstInvoiceId,
    firstPaidAt: later(checkout.settledAt, 1),
    lineMetadata: options.lineMetadata ?? {},
  });
  const snapshot = (at: Date, shown = account) => {
    const latestInvoice = billing.latestInvoice(at);
    return subscriptionObject(shown, { terms, customer: customer.id, latestInvoice, at });
  };
  account.publish(
    `/v1/subscriptions/${id}`,
    (at) => at < timeline.startedAt ? null : snapshot(at, asReadToday(account)),
  );
  const teller = createSubscriptionTeller(account, { id, snapshot });
  const payments = createInvoicePayments(account);
  const changes = createSubscriptionChanges(account, {
    terms,
    teller,
    billing,
    paymentOf: payments.of,
  });
  const paidTimes = new Map<number, Date>();

  function nth(n: number, paidAt?: Date): PlannedInvoice {
    if (paidAt) paidTimes.set(n, paidAt);
    return billing.nth(n, { paidAt: paidTimes.get(n) });
  }

  function paid(n: number, paidAt?: Date): StripeEvent {
    const invoice = nth(n, paidAt);
    payments.of(invoice);
    return invoicePaid(account, invoice);
  }

  function changePrice(
    change: PriceChangeOptions & { prorationBehavior: "always_invoice" },
  ): StripeEvent;
  function changePrice(change: PriceChangeOptions): StripeEvent | null;
  function changePrice(change: PriceChangeOptions): StripeEvent | null {
    const applied = applyPriceChange(account, { terms, change });
    const invoice = billing.change(applied, change.prorationBehavior);
    if (invoice) payments.of(invoice);
    return invoice && invoicePaid(account, invoice);
  }

  return {
    ...session,
    ...createSubscriptionEvents({ terms, teller }),
    ...changes,
    id,
    customer,
    get itemIds() {
      return timeline.items.map((item) => item.id);
    },
    trialEnd: terms.state.at(timeline.startedAt).trialEnd,
    checkoutCompleted: completed,
    firstInvoicePaid: ({ paidAt } = {}) => paid(0, paidAt),
    renewalPaid(n, { paidAt } = {}) {
      if (n < 1) throw new RangeError(`Cannot bill a renewal as they count from 1: ${n}`);
      return paid(n, paidAt);
    },
    paymentFailed(n, { attempt = 1, at, nextAttempt } = {}) {
      const invoice = billing.nth(n);
      const due = n === 0 ? timeline.startedAt : later(renewalDate(timeline, n), HOUR);
      const usual = later(due, 5 + (attempt - 1) * RETRY_AFTER);
      const failedAt = at ? wholeSecond(at) : usual;
      const next = attempt > RETRIES ? null : later(failedAt, RETRY_AFTER);
      return invoicePaymentFailed(account, {
        ...invoice,
        failure: {
          attempt,
          at: failedAt,
          nextAttempt: nextAttempt === undefined ? next : nextAttempt,
        },
      });
    },
    payment(n) {
      const payment = payments.of(nth(n));
      if (!payment) throw new TypeError(`Cannot pay invoice ${n}: nothing was due`);
      return payment;
    },
    periodEnd: (n) => renewalDate(timeline, n + 1),
    changePrice,
  };
}
