// Changes in the life of a subscription's items, by Stripe's rules. They change the timeline and
// bill nothing.
import { type BillingCycle, nextBillingDate } from "./billing_period.ts";
import { createPrice, type PriceTerms } from "./price.ts";
import type { StripeAccount } from "./stripe_account.ts";
import {
  inTrial,
  isMetered,
  type ItemChange,
  type SubscriptionTerms,
} from "./subscription_lines.ts";
import {
  addVersion,
  itemsAt,
  type ItemVersion,
  type SubscriptionItem,
  versionAt,
} from "./subscription_timeline.ts";
import { wholeSecond } from "./unix_time.ts";

type Change = {
  at: Date;
  prorationBehavior: "always_invoice" | "create_prorations" | "none";
  /** Which item, counted from 0 over all there ever were; default 0. */
  item?: number;
};

/** As at Stripe the quantity falls back to 1 unless given. */
export type PriceChangeOptions = Change & { to: PriceTerms };
export type QuantityChangeOptions = Change & { quantity: number };
export type ItemRemovalOptions = Change & { item: number };
export type ItemAdditionOptions = Omit<Change, "item"> & { price: PriceTerms };

type Place = { terms: SubscriptionTerms };

/**
 * Gives the item its new price from `at` on. The same interval keeps the billing dates, another one
 * starts a new cycle at `at`. Throws a `RangeError` for an unknown item or a time before the item's
 * last change, a `TypeError` during a trial and for metered prices, which Stripe does not prorate.
 */
export function applyPriceChange(
  account: StripeAccount,
  { terms, change }: Place & { change: PriceChangeOptions },
): ItemChange {
  const at = wholeSecond(change.at);
  const item = itemOf(terms, change);
  if (inTrial(terms, at)) throw new TypeError("Cannot change a price during a trial");
  const from = versionAt(item, at);
  const price = createPrice(account, change.to);
  if ([price, from.price].some(isMetered)) {
    throw new TypeError("Cannot change from or to a metered price");
  }
  const { interval, intervalCount = 1 } = change.to;
  const sameCycle = interval === from.cycle.interval &&
    intervalCount === from.cycle.intervalCount;
  return applyVersion(terms, {
    item,
    from,
    to: {
      from: at,
      price,
      quantity: change.to.quantity ?? 1,
      cycle: sameCycle ? from.cycle : { startsAt: at, anchor: at, interval, intervalCount },
      metadata: change.to.itemMetadata ?? from.metadata,
    },
  });
}

/** Gives the item another quantity from `at` on. Errors as `applyPriceChange`, but in a trial. */
export function applyQuantityChange(
  { terms, change }: Place & { change: QuantityChangeOptions },
): ItemChange {
  const at = wholeSecond(change.at);
  const item = itemOf(terms, change);
  const from = versionAt(item, at);
  if (isMetered(from.price)) throw new TypeError("Cannot change the quantity of a metered price");
  return applyVersion(terms, { item, from, to: { ...from, from: at, quantity: change.quantity } });
}

/**
 * Adds an item. It is billed with those of its interval; without one on the subscription's day, a
 * part first.
 */
export function applyItemAddition(
  account: StripeAccount,
  { terms, change }: Place & { change: ItemAdditionOptions },
): ItemChange {
  const at = wholeSecond(change.at);
  const { timeline } = terms;
  if (at <= timeline.startedAt) {
    throw new RangeError(`Cannot add an item before the subscription began: ${at.toISOString()}`);
  }
  const to: ItemVersion = {
    from: at,
    price: createPrice(account, change.price),
    quantity: change.price.quantity ?? 1,
    cycle: sharedCycle(terms, { at, price: change.price }),
    metadata: change.price.itemMetadata ?? {},
  };
  const id = account.ids.of("si", `${terms.id} ${timeline.items.length}`);
  const item: SubscriptionItem = { id, versions: [to], endsAt: null };
  timeline.items.push(item);
  return { item, at, from: null, to };
}

/** Removes an item. Throws a `RangeError` for the last one, which Stripe does not remove. */
export function applyItemRemoval(
  { terms, change }: Place & { change: ItemRemovalOptions },
): ItemChange {
  const at = wholeSecond(change.at);
  const item = itemOf(terms, change);
  const from = versionAt(item, at);
  const there = itemsAt(terms.timeline, at);
  if (!there.includes(item) || there.length === 1 || from !== item.versions.at(-1)) {
    throw new RangeError(`Cannot remove item ${change.item} at ${at.toISOString()}`);
  }
  item.endsAt = at;
  return { item, at, from, to: null };
}

/** Begins the billing cycle of every item anew at `at`, to be billed at `anchor` next. */
export function restartCycles(
  { timeline }: SubscriptionTerms,
  { at, anchor }: { at: Date; anchor: Date },
): ItemChange[] {
  return itemsAt(timeline, at).map((item) => {
    const from = versionAt(item, at);
    const { interval, intervalCount } = from.cycle;
    const to = { ...from, from: at, cycle: { startsAt: at, anchor, interval, intervalCount } };
    addVersion({ item, startedAt: timeline.startedAt }, to);
    return { item, at, from, to };
  });
}

function applyVersion(
  { timeline }: SubscriptionTerms,
  { item, from, to }: { item: SubscriptionItem; from: ItemVersion; to: ItemVersion },
): ItemChange {
  addVersion({ item, startedAt: timeline.startedAt }, to);
  return { item, at: to.from, from, to };
}

function itemOf(
  { timeline }: SubscriptionTerms,
  { item = 0 }: { item?: number },
): SubscriptionItem {
  const found = timeline.items[item];
  if (!found) throw new RangeError(`Cannot change item ${item}: no such item`);
  return found;
}

function sharedCycle(
  { timeline }: SubscriptionTerms,
  { at, price: { interval, intervalCount = 1 } }: { at: Date; price: PriceTerms },
): BillingCycle {
  const cycles = itemsAt(timeline, at).map((item) => versionAt(item, at).cycle);
  const shared = cycles.find((one) =>
    one.interval === interval && one.intervalCount === intervalCount
  );
  if (shared) return shared;
  const [first] = cycles;
  const cycle: BillingCycle = {
    ...(first ?? { startsAt: at, anchor: at }),
    interval,
    intervalCount,
  };
  return { ...cycle, startsAt: at, anchor: nextBillingDate(cycle, at) };
}
