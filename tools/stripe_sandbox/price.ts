// A Stripe price: what a merchant asks for a product, once or every interval.
import type { BillingInterval } from "./billing_period.ts";
import type { StripeAccount } from "./stripe_account.ts";
import { unixTime } from "./unix_time.ts";

/** A price a subscription can have, in the merchant's words. Ids are made up unless given. */
export type PriceTerms = {
  /** `price_…`. */
  price?: string;
  /** `prod_…`. */
  product?: string;
  /** Per unit, in cents. */
  amount: number;
  interval: BillingInterval;
  /** Default 1. */
  intervalCount?: number;
  /** Default 1; of a metered price, the units used in every period. */
  quantity?: number;
  /** Default `licensed`. */
  usageType?: "licensed" | "metered";
  /** The price's metadata; only `acacia` invoice lines show it. */
  metadata?: Record<string, string>;
};

export type Price = {
  id: string;
  product: string;
  amount: number;
  metadata: Record<string, string>;
  created: Date;
  recurring:
    | { interval: BillingInterval; intervalCount: number; usageType: "licensed" | "metered" }
    | null;
};

/** A price without an interval is paid once. */
export function createPrice(
  account: StripeAccount,
  terms: Omit<PriceTerms, "interval"> & { interval?: BillingInterval },
): Price {
  const name = account.nextName("price");
  return {
    id: terms.price ?? account.ids.of("price", name),
    product: terms.product ?? account.ids.of("prod", name),
    amount: terms.amount,
    metadata: terms.metadata ?? {},
    created: account.now,
    recurring: terms.interval === undefined ? null : {
      interval: terms.interval,
      intervalCount: terms.intervalCount ?? 1,
      usageType: terms.usageType ?? "licensed",
    },
  };
}

/** `2 × prod_… (at $29.00 / month)`, as Stripe words an invoice line. */
export function lineDescription(price: Price, quantity: number): string {
  const every = price.recurring ? ` / ${price.recurring.interval}` : "";
  return `${quantity} × ${price.product} (at $${(price.amount / 100).toFixed(2)}${every})`;
}

/** The price as payloads before `basil` embed it in an invoice line; today's only name its id. */
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
      aggregate_usage: null,
      interval: price.recurring.interval,
      interval_count: price.recurring.intervalCount,
      meter: null,
      trial_period_days: null,
      usage_type: price.recurring.usageType,
    },
    tax_behavior: "unspecified",
    tiers_mode: null,
    transform_quantity: null,
    type: price.recurring ? "recurring" : "one_time",
    unit_amount: price.amount,
    unit_amount_decimal: String(price.amount),
  };
}

/** The legacy `plan` beside a recurring `price`. */
export function planObject(account: StripeAccount, price: Price): Record<string, unknown> | null {
  if (!price.recurring) return null;
  return {
    id: price.id,
    object: "plan",
    active: true,
    aggregate_usage: null,
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
  };
}
