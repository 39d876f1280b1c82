// A change of price in the life of a subscription item, by Stripe's rules. Changes the timeline,
// bills nothing.
import { createPrice, type PriceTerms } from "./price.ts";
import type { StripeAccount } from "./stripe_account.ts";
import type { PriceChange, SubscriptionTerms } from "./subscription_lines.ts";
import { type ItemVersion, versionAt } from "./subscription_timeline.ts";
import { wholeSecond } from "./unix_time.ts";

export type PriceChangeOptions = {
  /** As at Stripe the quantity falls back to 1 unless given. */
  to: PriceTerms;
  at: Date;
  prorationBehavior: "always_invoice" | "create_prorations" | "none";
  /** Which item, counted from 0; default 0. */
  item?: number;
};

/**
 * Gives the item its new price from `at` on. The same interval keeps the billing dates, another one
 * starts a new cycle at `at`. Throws a `RangeError` for an unknown item or a time before the item's
 * last change, a `TypeError` during a trial and for metered prices, which Stripe does not prorate.
 */
export function applyPriceChange(
  account: StripeAccount,
  { terms, change }: { terms: SubscriptionTerms; change: PriceChangeOptions },
): PriceChange {
  const at = wholeSecond(change.at);
  const item = terms.timeline.items[change.item ?? 0];
  if (!item) throw new RangeError(`Cannot change the price of item ${change.item}: no such item`);
  if (terms.trialEnd && at < terms.trialEnd) {
    throw new TypeError("Cannot change a price during a trial");
  }
  const from = versionAt(item, at);
  if (from !== item.versions.at(-1) || at <= terms.timeline.startedAt) {
    throw new RangeError(`Cannot change a price at or before what it follows: ${at.toISOString()}`);
  }
  const price = createPrice(account, change.to);
  if ([price, from.price].some((one) => one.recurring?.usageType === "metered")) {
    throw new TypeError("Cannot change from or to a metered price");
  }

  const { interval, intervalCount = 1 } = change.to;
  const sameCycle = interval === from.cycle.interval &&
    intervalCount === from.cycle.intervalCount;
  const to: ItemVersion = {
    from: at,
    price,
    quantity: change.to.quantity ?? 1,
    cycle: sameCycle ? from.cycle : { startsAt: at, anchor: at, interval, intervalCount },
  };
  item.versions.push(to);
  return { item, from, to };
}
