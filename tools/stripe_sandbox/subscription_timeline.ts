// When the items of a subscription come up for payment, through price changes and mixed intervals.
// Pure; no money.
import { type BillingCycle, billingPeriodAt } from "./billing_period.ts";
import type { Price } from "./price.ts";

/**
 * An item's price from a moment on. A change of interval brings a new cycle, any other keeps the
 * old object.
 */
export type ItemVersion = { from: Date; price: Price; quantity: number; cycle: BillingCycle };

export type SubscriptionItem = { id: string; versions: ItemVersion[] };

export type Timeline = { startedAt: Date; items: SubscriptionItem[] };

/** The version in force; throws a `RangeError` before the item began. */
export function versionAt(item: SubscriptionItem, at: Date): ItemVersion {
  const version = item.versions.findLast((one) => one.from <= at);
  if (!version) {
    throw new RangeError(`Cannot price ${item.id} before it began: ${at.toISOString()}`);
  }
  return version;
}

/** When the item is next billed by its cycle after `after`. */
export function nextBillingOf(item: SubscriptionItem, after: Date): Date {
  const { cycle } = versionAt(item, after);
  const { end } = billingPeriodAt(cycle, after);
  const reset = item.versions.find((one) =>
    one.from > after && one.from < end && one.cycle !== cycle
  );
  return reset ? nextBillingOf(item, reset.from) : end;
}

/** When the n-th renewal falls due, over all items; 0 is the start. */
export function renewalDate({ startedAt, items }: Timeline, n: number): Date {
  let date = startedAt;
  for (let renewal = 1; renewal <= n; renewal++) {
    date = new Date(Math.min(...items.map((item) => nextBillingOf(item, date).getTime())));
  }
  return date;
}

/** The items the n-th renewal bills: all of them, unless their intervals differ. */
export function itemsDue(timeline: Timeline, n: number): SubscriptionItem[] {
  const date = renewalDate(timeline, n).getTime();
  const before = renewalDate(timeline, n - 1);
  return timeline.items.filter((item) => nextBillingOf(item, before).getTime() === date);
}
