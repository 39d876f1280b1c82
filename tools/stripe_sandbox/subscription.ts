// A subscription bought at Checkout: its session, its first invoice, its renewals and changes of
// price, as events.
import { billingPeriodAt } from "./billing_period.ts";
import type { Checkout } from "./checkout.ts";
import type { Customer } from "./customer.ts";
import { type InvoiceDraft, invoicePaid, type LineDraft } from "./invoice_paid.ts";
import type { StripeAccount } from "./stripe_account.ts";
import type { StripeEvent } from "./stripe_event.ts";
import { applyPriceChange, type PriceChangeOptions } from "./subscription_change.ts";
import { firstLines, newCycleLine, prorationLines, renewalLines } from "./subscription_lines.ts";
import { openSubscription, type SubscribeOptions } from "./subscription_opening.ts";
import { renewalDate } from "./subscription_timeline.ts";
import { HOUR, later, wholeSecond } from "./unix_time.ts";

/**
 * Changes a price and gives the `invoice.paid` with `subscription_update`, or null when Stripe
 * bills nothing at once: `create_prorations` leaves its lines to the next renewal, `none` has none.
 * A change of interval is billed at once whatever the behaviour, without lines left over from
 * before: those stay with the renewal. Errors: see `applyPriceChange`.
 */
export type ChangePrice = {
  (change: PriceChangeOptions & { prorationBehavior: "always_invoice" }): StripeEvent;
  (change: PriceChangeOptions): StripeEvent | null;
};

/** `completed` of its Checkout is `checkoutCompleted` here. */
export type Subscription = Omit<Checkout, "completed"> & {
  /** `sub_…`. */
  readonly id: string;
  readonly customer: Customer;
  /** `si_…`, in the order of the prices. */
  readonly itemIds: string[];
  /** Null without a trial. */
  readonly trialEnd: Date | null;
  /** `checkout.session.completed`. */
  checkoutCompleted(): StripeEvent;
  /** `invoice.paid` with `subscription_create`; its total is 0 for a trial or a full discount. */
  firstInvoicePaid(options?: { paidAt?: Date }): StripeEvent;
  /**
   * `invoice.paid` with `subscription_cycle`, n = 1, 2, …: created as its period begins, paid an
   * hour later.
   */
  renewalPaid(n: number, options?: { paidAt?: Date }): StripeEvent;
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
  const deferred: { at: Date; lines: LineDraft[] }[] = [];
  const metadata = options.subscriptionMetadata ?? {};

  function draft(
    facts: Omit<InvoiceDraft, "customer" | "metadata" | "subscription">,
  ): InvoiceDraft {
    return { ...facts, customer, metadata: {}, subscription: { id, metadata } };
  }

  function renewal(n: number, paidAt: Date): InvoiceDraft {
    const date = renewalDate(timeline, n);
    const before = renewalDate(timeline, n - 1);
    const leftOver = deferred.filter(({ at }) => before < at && at <= date);
    return draft({
      billingReason: "subscription_cycle",
      created: date,
      finalizedAt: later(date, HOUR),
      paidAt,
      period: { start: before, end: date },
      lines: [...leftOver.flatMap(({ lines }) => lines), ...renewalLines(terms, n)],
    });
  }

  function changePrice(
    change: PriceChangeOptions & { prorationBehavior: "always_invoice" },
  ): StripeEvent;
  function changePrice(change: PriceChangeOptions): StripeEvent | null;
  function changePrice(change: PriceChangeOptions): StripeEvent | null {
    const at = wholeSecond(change.at);
    const applied = applyPriceChange(account, { terms, change });
    const sameCycle = applied.from.cycle === applied.to.cycle;
    const prorated = change.prorationBehavior !== "none";
    if (sameCycle && change.prorationBehavior !== "always_invoice") {
      if (prorated) deferred.push({ at, lines: prorationLines(terms, applied) });
      return null;
    }
    const period = {
      start: sameCycle ? billingPeriodAt(applied.from.cycle, at).start : at,
      end: at,
    };
    const lines = prorated ? prorationLines(terms, applied) : [newCycleLine(terms, applied)];
    return invoicePaid(account, {
      id: account.ids.of("in", account.nextName(`${id} change`)),
      draft: () =>
        draft({
          billingReason: "subscription_update",
          created: at,
          finalizedAt: at,
          paidAt: later(at, 5),
          period,
          lines,
        }),
    });
  }

  return {
    ...session,
    id,
    customer,
    itemIds: timeline.items.map((item) => item.id),
    trialEnd: terms.trialEnd,
    checkoutCompleted: completed,
    firstInvoicePaid({ paidAt = later(checkout.settledAt, 1) } = {}) {
      const { startedAt } = timeline;
      return invoicePaid(account, {
        id: firstInvoiceId,
        draft: () =>
          draft({
            billingReason: "subscription_create",
            created: startedAt,
            finalizedAt: startedAt,
            paidAt: wholeSecond(paidAt),
            period: { start: startedAt, end: startedAt },
            lines: firstLines(terms),
          }),
      });
    },
    renewalPaid(n, { paidAt } = {}) {
      if (!Number.isInteger(n) || n < 1) {
        throw new RangeError(`Cannot bill a renewal as they count from 1: ${n}`);
      }
      const due = renewalDate(timeline, n);
      return invoicePaid(account, {
        id: account.ids.of("in", `${id} renewal ${n}`),
        draft: () => renewal(n, wholeSecond(paidAt ?? later(due, HOUR + 5))),
      });
    },
    periodEnd: (n) => renewalDate(timeline, n + 1),
    changePrice,
  };
}
