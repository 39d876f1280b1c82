// How a license in Cryptlex tells which purchase it belongs to: what we write, what we look for.
// Pure.

import type { License, MetadataEntry } from "./cryptlex_payloads.ts";
import type { Purchase } from "./purchase.ts";

/** The metadata key of a license's slot: with it, a license is known to be ours. */
const slotKey = "stripe_cryptlex_slot";

/** The metadata key of the subscription item or invoice line a license stands for. */
const itemKey = "stripe_item_id";

/**
 * The keys under which each kind of id is found. For a subscription: the name Cryptlex's guide
 * documents, the one its script reads and writes, and the one its 2022 script wrote.
 */
const keys: Readonly<Record<string, readonly string[]>> = {
  sub: ["SUBSCRIPTION_ID_KEY", "stripe_subscription_id", "subscription_id"],
  pi: ["stripe_transaction_id"],
  cs: ["stripe_checkout_session_id"],
  in: ["stripe_invoice_id"],
};

/** Every key under which a license may name its purchase, whichever program wrote it. */
export const purchaseKeys: readonly string[] = Object.values(keys).flat();

/** What a new license of this purchase carries. */
export function licenseMetadata(
  purchaseId: string,
  of: { purchase: Purchase; slot: string; itemId: string | null },
): MetadataEntry[] {
  const written = [...new Set([purchaseId, ...oneTimeSessions(purchaseId, of.purchase)])]
    .flatMap((id) => keysOf(id).slice(0, 2).map((key) => ({ key, value: id })));
  const item = of.itemId === null ? [] : [{ key: itemKey, value: of.itemId }];
  return [...written, { key: slotKey, value: of.slot }, ...item];
}

/** The ids that a license may carry of a purchase known by `purchaseIds`, the best one first. */
export function searchedIds(purchaseIds: readonly string[], purchase: Purchase): string[] {
  const [best = ""] = purchaseIds;
  return [...new Set([...purchaseIds, ...oneTimeSessions(best, purchase)])]
    .filter((id) => keysOf(id).length > 0);
}

/** Whether an entry of this license names one of the ids under a key meant for it. */
export function belongsTo(license: License, ids: readonly string[]): boolean {
  return license.metadata.some(({ key, value }) =>
    ids.includes(value) && keysOf(value).includes(key)
  );
}

/** The slot in its metadata; null: it is not one of ours. */
export function slotOf(license: License): string | null {
  return valueOf(license, slotKey);
}

/** The item it was made for; null: the whole purchase. */
export function itemOf(license: License): string | null {
  return valueOf(license, itemKey);
}

function valueOf(license: License, key: string): string | null {
  return license.metadata.find((entry) => entry.key === key)?.value ?? null;
}

function oneTimeSessions(purchaseId: string, purchase: Purchase): string[] {
  return purchaseId.startsWith("sub_") ? [] : Object.keys(purchase.sessions).sort();
}

/** The keys under which an id of that kind is meant; none: it names no purchase. */
export function keysOf(stripeId: string): readonly string[] {
  return keys[stripeId.slice(0, stripeId.indexOf("_"))] ?? [];
}
