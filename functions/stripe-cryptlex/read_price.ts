// What a price says: how often it is paid, how it counts, and what it and its product sell. Pure.

import type { Latest } from "./lattice.ts";
import type { Line, Terms } from "./purchase.ts";
import type { Stamp } from "./reading.ts";
import type { Price, Product } from "./stripe_price.ts";
import { readTerms } from "./read_terms.ts";

/** What prices and products say, by their ids, as `Purchase.catalogTerms` keeps it. */
export type CatalogTerms = Readonly<Record<string, Latest<Terms | null>>>;

/** What a line names: a price and its product, by their ids or themselves. */
export type Sold = { readonly price: Price | null; readonly product: Product | null };

/** A price with the product it embeds. */
export function soldAt(price: Price | null): Sold {
  return { price, product: price?.product ?? null };
}

const units = new Map([["day", "D"], ["week", "W"], ["month", "M"], ["year", "Y"]]);

/** How often it is paid, an ISO 8601 duration; null: once, or nobody said. */
export function intervalOf(price: Price | null): string | null {
  const { interval, interval_count } = price?.recurring ?? { interval: null, interval_count: null };
  const unit = units.get(interval ?? "");
  return unit === undefined ? null : `P${interval_count ?? 1}${unit}`;
}

/** Whether it is billed by use; null: nobody said. */
export function isMetered(price: Price | null): boolean | null {
  const usage = price?.recurring?.usage_type ?? null;
  return usage === null ? null : usage === "metered";
}

/** What a line sells with this price and number of it. */
export function lineOf(
  { price, product }: Sold,
  { quantity, terms }: Pick<Line, "quantity" | "terms">,
): Line {
  return {
    priceId: price?.id ?? null,
    productId: product?.id ?? null,
    terms,
    quantity: isMetered(price) ? null : quantity,
    interval: intervalOf(price),
  };
}

/** What these prices and products say in their metadata, where the payload has it. */
export function catalogTermsOf(sold: readonly Sold[], stamp: Stamp): CatalogTerms {
  return Object.fromEntries(
    sold.flatMap(({ price, product }) => [price, product]).flatMap((one) =>
      one === null || one.metadata === null
        ? []
        : [[one.id, { value: readTerms(one.metadata), ...stamp }]]
    ),
  );
}
