// What a subscription's invoices bill: the first one, a renewal, a change of its items. Pure.
import { billingPeriodAt, shareLeft } from "./billing_period.ts";
import type { History } from "./history.ts";
import type { LineDraft } from "./invoice_draft.ts";
import { lineDescription, type Price } from "./price.ts";
import type { SubscriptionState } from "./subscription_state.ts";
import {
  itemsAt,
  itemsDue,
  type ItemVersion,
  renewalDate,
  type SubscriptionItem,
  type Timeline,
  versionAt,
} from "./subscription_timeline.ts";
import { later } from "./unix_time.ts";

/** What its bills depend on. */
export type SubscriptionTerms = {
  id: string;
  timeline: Timeline;
  state: History<SubscriptionState>;
  /** A 100 % discount for ever. */
  free: boolean;
  /** Of an invoice sent to the customer; null when invoices are charged by themselves. */
  daysUntilDue: number | null;
};

/** An item's change at a moment: from nothing when it was added, to nothing when removed. */
export type ItemChange = {
  item: SubscriptionItem;
  at: Date;
  from: ItemVersion | null;
  to: ItemVersion | null;
};

/** A line before it is given the subscription's metadata. */
export type SubscriptionLine = Omit<LineDraft, "metadata">;

/** Is the subscription in its trial then? */
export function inTrial(terms: SubscriptionTerms, at: Date): boolean {
  const { trialStart, trialEnd } = terms.state.at(at);
  return trialStart !== null && trialEnd !== null && trialStart <= at && at < trialEnd;
}

/**
 * The first invoice: the time up to the anchor; a trial costs nothing; nothing metered has been
 * used yet.
 */
export function firstLines(terms: SubscriptionTerms): SubscriptionLine[] {
  const { startedAt } = terms.timeline;
  return itemsAt(terms.timeline, startedAt).map((item) => {
    const { price, quantity, cycle } = versionAt(item, startedAt);
    const period = billingPeriodAt(cycle, startedAt);
    if (isMetered(price)) {
      const line = { price, quantity: 0, amount: 0, period: { start: startedAt, end: startedAt } };
      return draftLine(terms, { ...line, item });
    }
    if (inTrial(terms, startedAt)) {
      const description = `Trial period for ${price.product}`;
      return draftLine(terms, { item, price, quantity, amount: 0, period, description });
    }
    const amount = Math.round(price.amount * quantity * shareLeft(cycle, startedAt));
    return draftLine(terms, { item, price, quantity, amount, period });
  });
}

/** The n-th renewal: licensed items in advance, metered ones in arrears. */
export function renewalLines(terms: SubscriptionTerms, n: number): SubscriptionLine[] {
  const date = renewalDate(terms.timeline, n);
  return itemsDue(terms.timeline, n).map((item) => {
    const { price, quantity, cycle } = versionAt(item, date);
    const amount = price.amount * quantity;
    if (!isMetered(price)) {
      const period = billingPeriodAt(cycle, date);
      return draftLine(terms, { item, price, quantity, amount, period });
    }
    const period = billingPeriodAt(cycle, later(date, -1));
    const used = inTrial(terms, later(date, -1)) ? 0 : amount;
    return draftLine(terms, { item, price, quantity, amount: used, period });
  });
}

/**
 * A credit for the rest of the old version's period, and a charge for the rest of the new one's.
 * What is metered is not prorated.
 */
export function prorationLines(terms: SubscriptionTerms, change: ItemChange): SubscriptionLine[] {
  const { item, at, from, to } = change;
  const isNewCycle = from !== null && to !== null && from.cycle !== to.cycle;
  return [
    ...(from && !isMetered(from.price)
      ? [proration(terms, { item, at, version: from, sign: -1 })]
      : []),
    ...(to && !isMetered(to.price)
      ? [
        isNewCycle
          ? wholeLine(terms, { item, version: to })
          : proration(terms, { item, at, version: to, sign: 1 }),
      ]
      : []),
  ];
}

/** The first whole period of a version that begins a new cycle. */
export function wholeLine(
  terms: SubscriptionTerms,
  { item, version }: { item: SubscriptionItem; version: ItemVersion },
): SubscriptionLine {
  const { price, quantity, cycle, from } = version;
  const period = billingPeriodAt(cycle, from);
  return draftLine(terms, { item, price, quantity, amount: price.amount * quantity, period });
}

function proration(
  terms: SubscriptionTerms,
  { item, at, version, sign }: {
    item: SubscriptionItem;
    at: Date;
    version: ItemVersion;
    sign: 1 | -1;
  },
): SubscriptionLine {
  const { price, quantity, cycle } = version;
  // Stripe prorates what was paid: nothing, under a full discount.
  const paid = terms.free ? 0 : price.amount * quantity;
  const rest = Math.round(paid * shareLeft(cycle, at));
  const day = at.toISOString().slice(0, 10);
  return draftLine(terms, {
    item,
    price,
    quantity,
    amount: sign < 0 ? 0 - rest : rest,
    period: { start: at, end: billingPeriodAt(cycle, at).end },
    description: `${sign < 0 ? "Unused" : "Remaining"} time on ${price.product} after ${day}`,
    proration: true,
  });
}

function draftLine(
  terms: SubscriptionTerms,
  line:
    & Pick<LineDraft, "price" | "quantity" | "amount" | "period">
    & { item: SubscriptionItem; description?: string; proration?: boolean },
): SubscriptionLine {
  const { item, price, quantity, amount, period, proration = false } = line;
  return {
    amount,
    discount: terms.free ? amount : 0,
    description: line.description ?? lineDescription(price, quantity),
    period,
    price,
    quantity,
    item: { subscription: terms.id, subscriptionItem: item.id, proration },
  };
}

export function isMetered(price: Price): boolean {
  return price.recurring?.usageType === "metered";
}
