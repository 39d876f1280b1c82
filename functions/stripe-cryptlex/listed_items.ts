// What is known of a subscription's items besides what is in it now: when they came, and those that are
// gone. Pure.

import { type PresentItem, presentItems } from "./present_items.ts";
import type { Purchase } from "./purchase.ts";

/** It came into the subscription later than that began. */
export function isAdded({ listed }: Purchase, itemId: string): boolean {
  return listed[itemId]?.isAdded ?? false;
}

/** When it was last there, Unix seconds; null: nobody saw it. */
export function lastSeen({ listed, items }: Purchase, itemId: string): number | null {
  return listed[itemId]?.line.at ?? items[itemId]?.line.at ?? null;
}

/** What was paid for and is there no more. */
export function removedItems(purchase: Purchase): PresentItem[] {
  const present = new Set(presentItems(purchase).map(({ itemId }) => itemId));
  return Object.entries(purchase.items).filter(([itemId]) => !present.has(itemId))
    .map(([itemId, { line, paidThrough }]) => ({
      itemId,
      line: purchase.listed[itemId]?.line.value ?? line.value,
      paidThrough,
    }));
}
