// Which license something sold asks for: metadata, then plans, then the setting. Pure.

import type { MappedBy } from "./known_license.ts";
import type { Line, Purchase, Terms } from "./purchase.ts";
import { ignoredSeats, type Seats } from "./seats.ts";

/** A row of `licensing.plans`. */
export type Plan = {
  readonly stripeId: string;
  readonly cryptlexProductId: string;
  readonly licenseTemplateId: string | null;
  readonly entitlementSetId: string | null;
  readonly seats: Seats;
};

/** What is sold where, apart from the purchase itself. */
export type Catalog = {
  /** The rows for the prices and products of this purchase. */
  readonly plans: readonly Plan[];
  /** Whether there is any row at all: then the setting below no longer maps. */
  readonly hasPlans: boolean;
  /** `CRYPTLEX_PRODUCT_ID`. */
  readonly productId: string | null;
};

/** What something is mapped to, and by what. `terms` null: nothing says which license. */
export type Mapping = {
  readonly terms: Terms | null;
  readonly mappedBy: MappedBy;
  readonly seats: Seats;
};

/** What a line asks for by itself: its own metadata, its price's, its product's, the plan of either. */
export function lineMapping(
  { terms, priceId, productId }: Line,
  { catalogTerms }: Purchase,
  { plans }: Catalog,
): Mapping {
  const named = (id: string | null) => id === null ? null : catalogTerms[id]?.value ?? null;
  if (terms !== null) return { terms, mappedBy: "line", seats: ignoredSeats };
  const ofPrice = named(priceId);
  if (ofPrice !== null) return { terms: ofPrice, mappedBy: "price", seats: ignoredSeats };
  const ofProduct = named(productId);
  if (ofProduct !== null) return { terms: ofProduct, mappedBy: "product", seats: ignoredSeats };

  const row = plans.find((plan) => plan.stripeId === priceId) ??
    plans.find((plan) => plan.stripeId === productId);
  if (row === undefined) return { terms: null, mappedBy: "plan", seats: ignoredSeats };
  const { cryptlexProductId, licenseTemplateId, entitlementSetId, seats } = row;
  return {
    terms: { productId: cryptlexProductId, licenseTemplateId, entitlementSetId },
    mappedBy: "plan",
    seats,
  };
}

/** What the session, the subscription or the invoice names for all of it; null: none does. */
export function wholeMapping(purchase: Purchase): Mapping | null {
  const ofSessions = Object.values(purchase.sessions).map((session) => session.terms)
    .filter((terms) => terms.value !== null)
    .sort((a, b) => b.at - a.at || (a.by < b.by ? 1 : -1))[0];
  const named = [
    ["session", ofSessions?.value],
    ["subscription", purchase.subscriptionTerms?.value],
    ["invoice", purchase.invoiceTerms?.value],
  ] as const;
  for (const [mappedBy, terms] of named) {
    if (terms) return { terms, mappedBy, seats: ignoredSeats };
  }
  return null;
}

/** What the setting says of all that nothing else maps; null: it does not count. */
export function settingMapping(
  { subscriptionTerms, subscription, sessions }: Purchase,
  { productId, hasPlans }: Catalog,
): Mapping | null {
  // A one-off invoice bills anything; the setting stands for what checkouts and subscriptions sell.
  const isSale = subscriptionTerms !== null || subscription !== null ||
    Object.keys(sessions).length > 0;
  if (productId === null || hasPlans || !isSale) return null;
  return {
    terms: { productId, licenseTemplateId: null, entitlementSetId: null },
    mappedBy: "setting",
    seats: ignoredSeats,
  };
}
