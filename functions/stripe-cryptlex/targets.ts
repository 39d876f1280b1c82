// What of a purchase asks for licenses, and for which: metadata, then plans, then the setting. Pure.

import type { MappedBy } from "./known_license.ts";
import { type PresentItem, presentItems } from "./present_items.ts";
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
type Mapping = {
  readonly terms: Terms | null;
  readonly mappedBy: MappedBy;
  readonly seats: Seats;
};

/** Something that asks for a license, or for one a unit. */
export type Target = Mapping & {
  /** The item it stands for; null: the whole purchase. */
  readonly itemId: string | null;
  readonly priceId: string | null;
  readonly productId: string | null;
  /** Null: not known, or it does not count. */
  readonly quantity: number | null;
  /** The price's, an ISO 8601 duration; null: not known. */
  readonly interval: string | null;
  /** Unix seconds; null: no paid period is known. */
  readonly paidThrough: number | null;
};

/**
 * What asks for a license, nearest wins: a line's own metadata, the session's, the subscription's
 * or invoice's, its price's, its product's, the plan of its price, of its product, the setting. Terms
 * of the whole purchase make one license, whatever the number of its lines.
 */
export function targets(purchase: Purchase, catalog: Catalog): Target[] {
  const items = presentItems(purchase);
  const byLine = items.filter(({ line }) => line.terms !== null);
  const others = items.filter(({ line }) => line.terms === null);

  const ofLines = byLine.map((item) =>
    itemTarget(item, { terms: item.line.terms, mappedBy: "line", seats: ignoredSeats })
  );
  if (items.length > 0 && others.length === 0) return ofLines;

  const whole = wholeTerms(purchase);
  if (whole !== null) return [...ofLines, wholeTarget(others, whole)];

  const mapped = others.map((item) => itemTarget(item, itemMapping(item.line, purchase, catalog)));
  const setting = settingTerms(purchase, catalog);
  if (setting !== null && mapped.every(({ terms }) => terms === null)) {
    return [...ofLines, wholeTarget(others, setting)];
  }
  return [...ofLines, ...mapped];
}

/** One target for everything bought: what a license of the whole purchase follows. */
export function wholeTarget(
  items: readonly PresentItem[],
  { terms, mappedBy }: Pick<Mapping, "terms" | "mappedBy">,
): Target {
  const ends = items.map((item) => item.paidThrough).filter((end) => end !== null);
  // Of several lines none speaks for the whole: a change of one is no change of it.
  const line = items.length === 1 ? items[0]?.line : undefined;
  return {
    itemId: null,
    priceId: line?.priceId ?? null,
    productId: line?.productId ?? null,
    interval: line?.interval ?? null,
    quantity: null,
    terms,
    mappedBy,
    seats: ignoredSeats,
    paidThrough: ends.length === 0 ? null : Math.max(...ends),
  };
}

function wholeTerms(purchase: Purchase): Pick<Mapping, "terms" | "mappedBy"> | null {
  const ofSessions = Object.values(purchase.sessions).map((session) => session.terms)
    .filter((terms) => terms.value !== null)
    .sort((a, b) => b.at - a.at || (a.by < b.by ? 1 : -1))[0];
  if (ofSessions?.value) return { terms: ofSessions.value, mappedBy: "session" };
  const ofSubscription = purchase.subscriptionTerms?.value;
  if (ofSubscription) return { terms: ofSubscription, mappedBy: "subscription" };
  const ofInvoice = purchase.invoiceTerms?.value;
  return ofInvoice ? { terms: ofInvoice, mappedBy: "invoice" } : null;
}

function settingTerms(
  { subscriptionTerms, subscription, sessions }: Purchase,
  catalog: Catalog,
): Pick<Mapping, "terms" | "mappedBy"> | null {
  // A one-off invoice bills anything; the setting stands for what checkouts and subscriptions sell.
  const isSale = subscriptionTerms !== null || subscription !== null ||
    Object.keys(sessions).length > 0;
  if (catalog.productId === null || catalog.hasPlans || !isSale) return null;
  return {
    terms: { productId: catalog.productId, licenseTemplateId: null, entitlementSetId: null },
    mappedBy: "setting",
  };
}

/** The target of one item. */
export function itemTarget({ itemId, line, paidThrough }: PresentItem, mapping: Mapping): Target {
  const { priceId, productId, quantity, interval } = line;
  return { itemId, priceId, productId, quantity, interval, paidThrough, ...mapping };
}

function itemMapping(
  { priceId, productId }: Line,
  { catalogTerms }: Purchase,
  { plans }: Catalog,
): Mapping {
  const ofPrice = priceId === null ? null : catalogTerms[priceId]?.value ?? null;
  if (ofPrice !== null) return { terms: ofPrice, mappedBy: "price", seats: ignoredSeats };
  const ofProduct = productId === null ? null : catalogTerms[productId]?.value ?? null;
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
