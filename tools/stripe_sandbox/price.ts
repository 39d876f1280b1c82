// A price: what a merchant asks for a product, once or every interval.
import type { BillingInterval } from "./billing_period.ts";
import { priceObject } from "./price_object.ts";
import { publishProduct } from "./product.ts";
import { asReadToday, type StripeAccount } from "./stripe_account.ts";

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
  /** The price's metadata; of the invoice lines only those of `acacia` show it. */
  metadata?: Record<string, string>;
  /** The product's name and metadata; what is left out stays as another price of it said. */
  productName?: string;
  productMetadata?: Record<string, string>;
  /** The subscription item's own, which Stripe copies to no invoice. */
  itemMetadata?: Record<string, string>;
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

/** A price without an interval is paid once. The read API gives it and its product. */
export function createPrice(
  account: StripeAccount,
  terms: Omit<PriceTerms, "interval"> & { interval?: BillingInterval },
): Price {
  const name = account.nextName("price");
  const price: Price = {
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
  account.publish(`/v1/prices/${price.id}`, () => priceObject(asReadToday(account), price));
  publishProduct(account, {
    id: price.product,
    name: terms.productName,
    metadata: terms.productMetadata,
  });
  return price;
}

/** `2 × prod_… (at $29.00 / month)`, as Stripe words an invoice line. */
export function lineDescription(price: Price, quantity: number): string {
  const every = price.recurring ? ` / ${price.recurring.interval}` : "";
  return `${quantity} × ${price.product} (at $${(price.amount / 100).toFixed(2)}${every})`;
}
