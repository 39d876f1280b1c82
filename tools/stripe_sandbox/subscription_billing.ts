// The invoices of a subscription: the first, the renewals, and those of changes in between. Their
// lines in Stripe's order: what was left over, then the items, each the newest first.
import { billingPeriodAt } from "./billing_period.ts";
import type { Customer } from "./customer.ts";
import type { InvoiceDraft, PlannedInvoice } from "./invoice_draft.ts";
import type { StripeAccount } from "./stripe_account.ts";
import {
  firstLines,
  inTrial,
  type ItemChange,
  prorationLines,
  renewalLines,
  type SubscriptionLine,
  type SubscriptionTerms,
  wholeLine,
} from "./subscription_lines.ts";
import { renewalDate, renewalsBy } from "./subscription_timeline.ts";
import { DAY, HOUR, later, wholeSecond } from "./unix_time.ts";

export type BillingFacts = {
  terms: SubscriptionTerms;
  customer: Customer;
  firstInvoiceId: string;
  /** When the money for the first invoice is there, if it is not sent to the customer. */
  firstPaidAt: Date;
  /** Laid over the subscription's metadata on every line. */
  lineMetadata: Record<string, string>;
};

export type ProrationBehavior = "always_invoice" | "create_prorations" | "none";

export type Billing = {
  /** The n-th invoice; 0 is the first. Throws a `RangeError` when it will never come. */
  nth(n: number, options?: { paidAt?: Date | undefined }): PlannedInvoice;
  /** Bills a change as Stripe does: at once, with the next renewal, or not at all: null. */
  change(change: ItemChange, behavior: ProrationBehavior): PlannedInvoice | null;
  /** An invoice in between, with these lines. */
  extra(at: Date, lines: SubscriptionLine[], options?: { periodStart?: Date }): PlannedInvoice;
  /** The id of the last one begun by then. */
  latestInvoice(at: Date): string;
};

export function createBilling(account: StripeAccount, facts: BillingFacts): Billing {
  const { terms, customer, firstInvoiceId } = facts;
  const { timeline, id, daysUntilDue } = terms;
  const deferred: { at: Date; lines: SubscriptionLine[] }[] = [];
  const extras: { at: Date; id: string }[] = [];

  function draft(
    invoice: Pick<InvoiceDraft, "billingReason" | "created" | "finalizedAt" | "period"> & {
      lines: SubscriptionLine[];
      paidAt: Date;
    },
  ): InvoiceDraft {
    const { metadata } = terms.state.at(invoice.created);
    const ofLines = { ...metadata, ...facts.lineMetadata };
    const lines = invoice.lines.map((line) => ({ ...line, metadata: ofLines }));
    const dueDate = daysUntilDue === null ? null : dueOf(invoice.finalizedAt);
    const subscription = { id, metadata };
    return { ...invoice, lines, dueDate, customer, metadata: {}, subscription };
  }

  const dueOf = (finalizedAt: Date) => later(finalizedAt, (daysUntilDue ?? 0) * DAY);

  /** What is charged by itself is there in seconds; what is sent is paid on its last day. */
  const usuallyPaid = (finalizedAt: Date) =>
    daysUntilDue === null ? later(finalizedAt, 5) : dueOf(finalizedAt);

  function first(paidAt?: Date): PlannedInvoice {
    const { startedAt } = timeline;
    const usual = daysUntilDue === null ? facts.firstPaidAt : usuallyPaid(startedAt);
    return {
      id: firstInvoiceId,
      draft: () =>
        draft({
          billingReason: "subscription_create",
          created: startedAt,
          finalizedAt: startedAt,
          paidAt: wholeSecond(paidAt ?? usual),
          period: { start: startedAt, end: startedAt },
          lines: firstLines(terms).toReversed(),
        }),
    };
  }

  function renewal(n: number, paidAt?: Date): PlannedInvoice {
    const date = renewalDate(timeline, n);
    const { endedAt } = terms.state.latest;
    if (endedAt && endedAt <= date) {
      throw new RangeError(`Cannot renew what ended before: ${date.toISOString()}`);
    }
    const before = renewalDate(timeline, n - 1);
    return {
      id: account.ids.of("in", `${id} renewal ${n}`),
      draft() {
        const leftOver = deferred.filter(({ at }) => before < at && at <= date);
        const finalizedAt = later(date, HOUR);
        return draft({
          billingReason: "subscription_cycle",
          created: date,
          finalizedAt,
          paidAt: wholeSecond(paidAt ?? usuallyPaid(finalizedAt)),
          period: { start: before, end: date },
          lines: [
            ...leftOver.toReversed().flatMap(({ lines }) => lines),
            ...renewalLines(terms, n).toReversed(),
          ],
        });
      },
    };
  }

  function extra(
    at: Date,
    lines: SubscriptionLine[],
    { periodStart = at }: { periodStart?: Date } = {},
  ): PlannedInvoice {
    const invoiceId = account.ids.of("in", account.nextName(`${id} change`));
    extras.push({ at, id: invoiceId });
    return {
      id: invoiceId,
      draft: () =>
        draft({
          billingReason: "subscription_update",
          created: at,
          finalizedAt: at,
          paidAt: usuallyPaid(at),
          period: { start: periodStart, end: at },
          lines,
        }),
    };
  }

  return {
    nth(n, { paidAt } = {}) {
      if (!Number.isInteger(n) || n < 0) throw new RangeError(`Cannot bill renewal ${n}`);
      return n === 0 ? first(paidAt) : renewal(n, paidAt);
    },
    change(change, behavior) {
      const { at, item, from, to } = change;
      if (inTrial(terms, at)) return null;
      const isNewCycle = from !== null && to !== null && from.cycle !== to.cycle;
      if (isNewCycle) {
        const lines = behavior === "none"
          ? [wholeLine(terms, { item, version: to })]
          : prorationLines(terms, change);
        return extra(at, lines);
      }
      const lines = behavior === "none" ? [] : prorationLines(terms, change);
      if (lines.length === 0) return null;
      if (behavior === "create_prorations") {
        deferred.push({ at, lines });
        return null;
      }
      const cycle = (from ?? to)?.cycle;
      return extra(at, lines, cycle ? { periodStart: billingPeriodAt(cycle, at).start } : {});
    },
    extra,
    latestInvoice(at) {
      const n = renewalsBy(timeline, at);
      const renewed = n === 0
        ? { at: timeline.startedAt, id: firstInvoiceId }
        : { at: renewalDate(timeline, n), id: account.ids.of("in", `${id} renewal ${n}`) };
      const between = extras.filter((one) => renewed.at <= one.at && one.at <= at);
      return (between.at(-1) ?? renewed).id;
    },
  };
}
