// Writes a price as Stripe's `price` object, and as the legacy `plan` beside it.
import type Stripe from "stripe";
import type { Price } from "./price.ts";
import type { StripeAccount } from "./stripe_account.ts";
import type { Wire } from "./stripe_wire.ts";
import { unixTime } from "./unix_time.ts";

/** Gone since `basil`, null before it. */
type Aggregate = { aggregate_usage?: null };

/** The price as subscription items embed it, and invoice lines before `basil`. */
export function priceObject(account: StripeAccount, price: Price): Record<string, unknown> {
  return {
    id: price.id,
    object: "price",
    active: true,
    billing_scheme: "per_unit",
    created: unixTime(price.created),
    currency: "usd",
    custom_unit_amount: null,
    livemode: account.livemode,
    lookup_key: null,
    metadata: price.metadata,
    nickname: null,
    product: price.product,
    recurring: price.recurring && {
      ...aggregate(account),
      interval: price.recurring.interval,
      interval_count: price.recurring.intervalCount,
      meter: null,
      trial_period_days: null,
      usage_type: price.recurring.usageType,
    } satisfies Wire<Stripe.Price.Recurring> & Aggregate,
    tax_behavior: "unspecified",
    tiers_mode: null,
    transform_quantity: null,
    type: price.recurring ? "recurring" : "one_time",
    unit_amount: price.amount,
    unit_amount_decimal: String(price.amount),
  } satisfies Wire<Stripe.Price>;
}

/** Null for a price that is paid once. */
export function planObject(account: StripeAccount, price: Price): Record<string, unknown> | null {
  if (!price.recurring) return null;
  return {
    id: price.id,
    object: "plan",
    active: true,
    ...aggregate(account),
    amount: price.amount,
    amount_decimal: String(price.amount),
    billing_scheme: "per_unit",
    created: unixTime(price.created),
    currency: "usd",
    interval: price.recurring.interval,
    interval_count: price.recurring.intervalCount,
    livemode: account.livemode,
    metadata: price.metadata,
    meter: null,
    nickname: null,
    product: price.product,
    tiers_mode: null,
    transform_usage: null,
    trial_period_days: null,
    usage_type: price.recurring.usageType,
  } satisfies Wire<Stripe.Plan> & Aggregate;
}

function aggregate(account: StripeAccount): Aggregate {
  return account.shape === "acacia" ? { aggregate_usage: null } : {};
}
