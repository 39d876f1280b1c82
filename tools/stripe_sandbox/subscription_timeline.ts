// When the items of a subscription come up for payment, through changes of price, items that come
// and go, and mixed intervals. Pure; no money.
import { type BillingCycle, type BillingPeriod, billingPeriodAt } from "./billing_period.ts";
import type { Price } from "./price.ts";

/**
 * An item's price from a moment on. A change of interval brings a new cycle, any other keeps the
 * old object.
 */
export type ItemVersion = {
  from: Date;
  price: Price;
  quantity: number;
  cycle: BillingCycle;
  /** The item's own, which Stripe copies to no invoice. */
  metadata: Record<string, string>;
};

/** Its first version begins with it; `endsAt` is when it was removed. */
export type SubscriptionItem = { id: string; versions: ItemVersion[]; endsAt: Date | null };

export type Timeline = { startedAt: Date; items: SubscriptionItem[] };

/** The version in force; throws a `RangeError` before the item began. */
export function versionAt(item: SubscriptionItem, at: Date): ItemVersion {
  const version = item.versions.findLast((one) => one.from <= at);
  if (!version) {
    throw new RangeError(`Cannot price ${item.id} before it began: ${at.toISOString()}`);
  }
  return version;
}

/** The items there are at that moment. */
export function itemsAt({ items }: Timeline, at: Date): SubscriptionItem[] {
  return items.filter((item) => beginningOf(item) <= at && !isOver(item, at));
}

/** The period an item is in at that moment. */
export function itemPeriodAt(item: SubscriptionItem, at: Date): BillingPeriod {
  return billingPeriodAt(versionAt(item, at).cycle, at);
}

/**
 * Gives the item another version; throws a `RangeError` at or before the subscription's start,
 * before the item's last change and after its end.
 */
export function addVersion(
  { item, startedAt }: { item: SubscriptionItem; startedAt: Date },
  version: ItemVersion,
): void {
  const at = version.from;
  if (versionAt(item, at) !== item.versions.at(-1) || at <= startedAt || isOver(item, at)) {
    throw new RangeError(`Cannot change an item at or before what it follows: ${at.toISOString()}`);
  }
  item.versions.push(version);
}

/** When the item is next billed by its cycle after `after`; null when it ends before that. */
export function nextBillingOf(item: SubscriptionItem, after: Date): Date | null {
  const first = beginningOf(item);
  const from = after < first ? first : after;
  const { cycle } = versionAt(item, from);
  const { end } = billingPeriodAt(cycle, from);
  const reset = item.versions.find((one) =>
    one.from > from && one.from < end && one.cycle !== cycle
  );
  if (reset) return nextBillingOf(item, reset.from);
  return isOver(item, end) ? null : end;
}

/** The dates the renewals fall due, one after the other, over all items; first the start itself. */
export function* renewalDates({ startedAt, items }: Timeline): Generator<Date, void> {
  let date: Date | null = startedAt;
  while (date) {
    yield date;
    const before: Date = date;
    const next = items.flatMap((item) => nextBillingOf(item, before)?.getTime() ?? []);
    date = next.length > 0 ? new Date(Math.min(...next)) : null;
  }
}

/** When the n-th renewal falls due; 0 is the start. */
export function renewalDate(timeline: Timeline, n: number): Date {
  let index = 0;
  for (const date of renewalDates(timeline)) {
    if (index++ === n) return date;
  }
  throw new RangeError(`Cannot renew a subscription without items: renewal ${n}`);
}

/** How many renewals have fallen due by that moment. */
export function renewalsBy(timeline: Timeline, at: Date): number {
  let count = -1;
  for (const date of renewalDates(timeline)) {
    if (date > at) break;
    count++;
  }
  return Math.max(0, count);
}

/** The items the n-th renewal bills: all of them, unless their intervals differ. */
export function itemsDue(timeline: Timeline, n: number): SubscriptionItem[] {
  const date = renewalDate(timeline, n).getTime();
  const before = renewalDate(timeline, n - 1);
  return timeline.items.filter((item) => nextBillingOf(item, before)?.getTime() === date);
}

function beginningOf(item: SubscriptionItem): Date {
  const [first] = item.versions;
  if (!first) throw new TypeError(`Cannot tell when ${item.id} began: it has no price`);
  return first.from;
}

function isOver(item: SubscriptionItem, at: Date): boolean {
  return item.endsAt !== null && item.endsAt <= at;
}
