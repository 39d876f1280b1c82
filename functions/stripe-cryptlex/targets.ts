// What of a purchase asks for a license, and for which: metadata, then plans, then the setting.
// Pure.

import type { MappedBy } from "./known_license.ts";
import type { Item, Purchase, Terms } from "./purchase.ts";

/** A row of `licensing.plans`, as far as it is used. */
export type Plan = {
  readonly stripeId: string;
  readonly cryptlexProductId: string;
  readonly licenseTemplateId: string | null;
  readonly entitlementSetId: string | null;
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

/** Something that asks for one license. `terms` null: nothing says which. */
export type Target = {
  /** The item it stands for; null: the whole purchase. */
  readonly itemId: string | null;
  readonly priceId: string | null;
  readonly productId: string | null;
  readonly terms: Terms | null;
  readonly mappedBy: MappedBy;
  /** Unix seconds; null: no paid period is known. */
  readonly paidThrough: number | null;
};

/**
 * What asks for a license, nearest wins: a line's own metadata, the session's, the subscription's
 * or invoice's, the plan of its price, of its product, the setting. Terms of the whole purchase
 * make one license, whatever the number of its lines.
 */
export function targets(purchase: Purchase, catalog: Catalog): Target[] {
  const items = Object.entries(purchase.items).sort(([a], [b]) => (a < b ? -1 : 1));
  const withTerms = items.filter(([, item]) => item.line.value.terms !== null);
  const others = items.filter(([, item]) => item.line.value.terms === null);

  const byLine = withTerms.map(([id, item]) =>
    itemTarget(id, item, {
      terms: item.line.value.terms,
      mappedBy: "line",
    })
  );
  if (items.length > 0 && others.length === 0) return byLine;

  const whole = wholeTerms(purchase, catalog);
  if (whole !== null) return [...byLine, wholeTarget(others.map(([, item]) => item), whole)];
  return [
    ...byLine,
    ...others.map(([id, item]) =>
      itemTarget(id, item, { terms: plannedTerms(item, catalog.plans), mappedBy: "plan" })
    ),
  ];
}

/** One target for everything bought: what a license of the whole purchase follows. */
export function wholeTarget(
  items: readonly Item[],
  { terms, mappedBy }: { terms: Terms | null; mappedBy: MappedBy },
): Target {
  const ends = items.map((item) => item.paidThrough).filter((end) => end !== null);
  // Of several lines none speaks for the whole: a change of one is no change of it.
  const line = items.length === 1 ? items[0]?.line.value : undefined;
  return {
    itemId: null,
    priceId: line?.priceId ?? null,
    productId: line?.productId ?? null,
    terms,
    mappedBy,
    paidThrough: ends.length === 0 ? null : Math.max(...ends),
  };
}

function wholeTerms(
  purchase: Purchase,
  catalog: Catalog,
): { terms: Terms; mappedBy: MappedBy } | null {
  const ofSessions = Object.values(purchase.sessions).map((session) => session.terms)
    .filter((terms) => terms.value !== null)
    .sort((a, b) => b.at - a.at || (a.by < b.by ? 1 : -1))[0];
  if (ofSessions?.value) return { terms: ofSessions.value, mappedBy: "session" };
  const ofSubscription = purchase.subscriptionTerms?.value;
  if (ofSubscription) return { terms: ofSubscription, mappedBy: "subscription" };
  const ofInvoice = purchase.invoiceTerms?.value;
  if (ofInvoice) return { terms: ofInvoice, mappedBy: "invoice" };

  // A one-off invoice bills anything; the setting stands for what checkouts and subscriptions sell.
  const isSale = purchase.subscriptionTerms !== null || Object.keys(purchase.sessions).length > 0;
  if (catalog.productId === null || catalog.hasPlans || !isSale) return null;
  return {
    terms: { productId: catalog.productId, licenseTemplateId: null, entitlementSetId: null },
    mappedBy: "setting",
  };
}

function itemTarget(
  itemId: string,
  item: Item,
  mapping: { terms: Terms | null; mappedBy: MappedBy },
): Target {
  const { priceId, productId } = item.line.value;
  return { itemId, priceId, productId, paidThrough: item.paidThrough, ...mapping };
}

function plannedTerms(item: Item, plans: readonly Plan[]): Terms | null {
  const { priceId, productId } = item.line.value;
  const row = plans.find((plan) => plan.stripeId === priceId) ??
    plans.find((plan) => plan.stripeId === productId);
  return row === undefined ? null : {
    productId: row.cryptlexProductId,
    licenseTemplateId: row.licenseTemplateId,
    entitlementSetId: row.entitlementSetId,
  };
}
