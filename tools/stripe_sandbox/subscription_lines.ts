// What a subscription's invoices bill: the first one, a renewal, a change of price. Pure.
import { billingPeriodAt, shareLeft } from "./billing_period.ts";
import type { LineDraft } from "./invoice_paid.ts";
import { lineDescription, type Price } from "./price.ts";
import {
  itemsDue,
  type ItemVersion,
  renewalDate,
  type SubscriptionItem,
  type Timeline,
  versionAt,
} from "./subscription_timeline.ts";
import { later } from "./unix_time.ts";

/** What its lines depend on besides the timeline. */
export type SubscriptionTerms = {
  id: string;
  timeline: Timeline;
  /**
   * On every line: the subscription's own metadata with the line's laid over it, as Stripe does.
   */
  lineMetadata: Record<string, string>;
  trialEnd: Date | null;
  /** A 100 % discount for ever. */
  free: boolean;
};

export type PriceChange = { item: SubscriptionItem; from: ItemVersion; to: ItemVersion };

/**
 * The first invoice: the time up to the anchor; a trial costs nothing; nothing metered has been
 * used yet.
 */
export function firstLines(terms: SubscriptionTerms): LineDraft[] {
  const { startedAt, items } = terms.timeline;
  return items.map((item) => {
    const { price, quantity, cycle } = versionAt(item, startedAt);
    const period = billingPeriodAt(cycle, startedAt);
    if (isMetered(price)) {
      const line = { price, quantity: 0, amount: 0, period: { start: startedAt, end: startedAt } };
      return draftLine(terms, { ...line, item });
    }
    if (terms.trialEnd) {
      const description = `Trial period for ${price.product}`;
      return draftLine(terms, { item, price, quantity, amount: 0, period, description });
    }
    const amount = Math.round(price.amount * quantity * shareLeft(cycle, startedAt));
    return draftLine(terms, { item, price, quantity, amount, period });
  });
}

/** The n-th renewal: licensed items in advance, metered ones in arrears. */
export function renewalLines(terms: SubscriptionTerms, n: number): LineDraft[] {
  const date = renewalDate(terms.timeline, n);
  return itemsDue(terms.timeline, n).map((item) => {
    const { price, quantity, cycle } = versionAt(item, date);
    const amount = price.amount * quantity;
    if (!isMetered(price)) {
      const period = billingPeriodAt(cycle, date);
      return draftLine(terms, { item, price, quantity, amount, period });
    }
    const period = billingPeriodAt(cycle, later(date, -1));
    const used = terms.trialEnd && date <= terms.trialEnd ? 0 : amount;
    return draftLine(terms, { item, price, quantity, amount: used, period });
  });
}

/** A credit for the rest of the old price's period, and a charge for the rest of the new one's. */
export function prorationLines(terms: SubscriptionTerms, change: PriceChange): LineDraft[] {
  const { from, to } = change;
  return [
    proration(terms, { ...change, version: from, sign: -1 }),
    from.cycle === to.cycle
      ? proration(terms, { ...change, version: to, sign: 1 })
      : newCycleLine(terms, change),
  ];
}

/** After a change of interval: the first whole period of the new price, from the change on. */
export function newCycleLine(terms: SubscriptionTerms, { item, to }: PriceChange): LineDraft {
  const { price, quantity, cycle } = to;
  const period = billingPeriodAt(cycle, to.from);
  return draftLine(terms, { item, price, quantity, amount: price.amount * quantity, period });
}

function proration(
  terms: SubscriptionTerms,
  { item, to, version, sign }: PriceChange & { version: ItemVersion; sign: 1 | -1 },
): LineDraft {
  const { price, quantity, cycle } = version;
  // Stripe prorates what was paid: nothing, under a full discount.
  const paid = terms.free ? 0 : price.amount * quantity;
  const rest = Math.round(paid * shareLeft(cycle, to.from));
  const day = to.from.toISOString().slice(0, 10);
  return draftLine(terms, {
    item,
    price,
    quantity,
    amount: sign < 0 ? 0 - rest : rest,
    period: { start: to.from, end: billingPeriodAt(cycle, to.from).end },
    description: `${sign < 0 ? "Unused" : "Remaining"} time on ${price.product} after ${day}`,
    proration: true,
  });
}

function draftLine(
  terms: SubscriptionTerms,
  line:
    & Pick<LineDraft, "price" | "quantity" | "amount" | "period">
    & { item: SubscriptionItem; description?: string; proration?: boolean },
): LineDraft {
  const { item, price, quantity, amount, period, proration = false } = line;
  return {
    amount,
    discount: terms.free ? amount : 0,
    description: line.description ?? lineDescription(price, quantity),
    period,
    price,
    quantity,
    metadata: terms.lineMetadata,
    item: { subscription: terms.id, subscriptionItem: item.id, proration },
  };
}

function isMetered(price: Price): boolean {
  return price.recurring?.usageType === "metered";
}
