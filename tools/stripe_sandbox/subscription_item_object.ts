// Writes an item of a subscription as Stripe's `subscription_item` object.
import type Stripe from "stripe";
import { cutShort } from "./billing_period.ts";
import { planObject, priceObject } from "./price_object.ts";
import type { StripeAccount } from "./stripe_account.ts";
import type { Wire } from "./stripe_wire.ts";
import { itemPeriodAt, type SubscriptionItem, versionAt } from "./subscription_timeline.ts";
import { unixTime } from "./unix_time.ts";

/** The item as it is at that moment; its billing period is its own only since `basil`. */
export function subscriptionItemObject(
  account: StripeAccount,
  { item, at, subscription, cancelAt }: {
    item: SubscriptionItem;
    at: Date;
    subscription: string;
    /** A date inside the period ends it early. */
    cancelAt: Date | null;
  },
): Record<string, unknown> {
  const { price, quantity, metadata } = versionAt(item, at);
  const { start, end } = cutShort(itemPeriodAt(item, at), cancelAt);
  const plan = planObject(account, price);
  return {
    id: item.id,
    object: "subscription_item",
    billing_thresholds: null,
    created: unixTime(item.versions[0]?.from ?? at),
    ...(account.shape === "basil"
      ? { current_period_end: unixTime(end), current_period_start: unixTime(start) }
      : {}),
    discounts: [],
    metadata,
    ...(plan ? { plan } : {}),
    price: priceObject(account, price),
    ...(price.recurring?.usageType === "metered" ? {} : { quantity }),
    subscription,
    tax_rates: [],
  } satisfies Wire<Stripe.SubscriptionItem>;
}
