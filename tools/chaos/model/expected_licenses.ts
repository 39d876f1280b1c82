// The model: what can be used of every purchase in the end, from the events alone, in any order. Pure.

import { templateCounts } from "../chaos_catalogue.ts";
import type { Merchant } from "../merchant.ts";
import { type Mapped, mapped } from "./mapping.ts";
import { newestSnapshot, presentItems } from "./present_items.ts";
import { type PurchaseGroup, purchaseGroups } from "./purchase_groups.ts";
import { isEntitled, mayBeUsed } from "./standing.ts";
import { type EventToRead, toldBy } from "./told_events.ts";

/** What must be there of one purchase. */
export type ExpectedPurchase = PurchaseGroup & {
  /** Whether a license may ever have been made of it. */
  readonly isEntitled: boolean;
  /** Those that can be used, in no order. */
  readonly licenses: readonly ExpectedLicense[];
};

export type ExpectedLicense = {
  readonly productId: string;
  /** Null: its product's. */
  readonly templateId: string | null;
  readonly entitlementSetId: string | null;
  readonly allowedActivations: number;
  readonly allowedFloatingClients: number;
  /** `template`: nothing said a period, so it lasts as long as its template says. */
  readonly until: Date | "template";
};

export type ModelOptions = Merchant & {
  /** Maps all that metadata does not, where there are no plans. */
  readonly defaultProductId: string;
  readonly graceDays: number;
};

/**
 * What must be there of every purchase the events tell of.
 *
 * @throws {Error} something was paid for that nothing maps: no run is to sell it.
 */
export function expectedLicenses(
  events: readonly EventToRead[],
  options: ModelOptions,
): ExpectedPurchase[] {
  const told = events.map(toldBy).filter((one) => one !== null);
  return purchaseGroups(told).map((group) => {
    const entitled = isEntitled(group.of);
    const licenses = entitled ? usableLicenses(group, options) : [];
    return { ...group, isEntitled: entitled, licenses };
  });
}

function usableLicenses(
  { stripeIds, of }: PurchaseGroup,
  options: ModelOptions,
): ExpectedLicense[] {
  const isSubscription = stripeIds[0]?.startsWith("sub_") ?? false;
  if (!mayBeUsed(of, { isSubscription, ...options.policy })) return [];
  const items = presentItems(of);
  if (items.length === 0 && newestSnapshot(of) !== null) return [];
  return mapped(items, { of, ...options }).flatMap((one) => licensesOf(one, options));
}

function licensesOf(one: Mapped, { graceDays }: ModelOptions): ExpectedLicense[] {
  const { productId, templateId, entitlementSetId, seats, perUnit, quantity, until } = one;
  const count = (quantity ?? 0) * perUnit;
  const license: ExpectedLicense = {
    productId,
    templateId,
    entitlementSetId,
    ...templateCounts,
    ...(seats === "activations" && count > 0 && { allowedActivations: count }),
    ...(seats === "floating_clients" && count > 0 && { allowedFloatingClients: count }),
    until: until === null ? "template" : new Date((until + graceDays * 24 * 60 * 60) * 1000),
  };
  return Array.from({ length: seats === "licenses" ? quantity ?? 1 : 1 }, () => license);
}
