// What a purchase consists of now, and through when each part of it is paid. Pure.

import { owedPeriods } from "./owed_periods.ts";
import type { Item, Line, Purchase } from "./purchase.ts";
import type { SnapshotItem } from "./subscription_snapshot.ts";

/** A part of a purchase that asks for a license, or several. */
export type PresentItem = {
  readonly itemId: string;
  readonly line: Line;
  /** Unix seconds; null: no paid period is known. */
  readonly paidThrough: number | null;
};

/**
 * The items of the newest snapshot; while none is known, whatever was paid for. A list that Stripe cut
 * short ends nothing. Of a one-time purchase: its invoice's lines, else those of its paid sessions.
 */
export function presentItems(purchase: Purchase): PresentItem[] {
  const { subscription, items, trialThrough } = purchase;
  const paidOnly = (of: readonly [string, Item][]) =>
    of.map(([itemId, { line, paidThrough }]) => ({
      itemId,
      line: line.value,
      paidThrough: later(later(paidThrough, owedThrough(itemId, purchase)), trialThrough),
    }));
  const paid = Object.entries(items);
  if (subscription === null) {
    return inOrder(paid.length > 0 ? paidOnly(paid) : sessionItems(purchase));
  }

  const snapshot = subscription.value;
  const listed = Object.entries(snapshot.items);
  const unlisted = snapshot.isPartial ? paid.filter(([id]) => !(id in snapshot.items)) : [];
  return inOrder([
    // Of a quantity of 0 there is nothing.
    ...listed.filter(([, { line }]) => line.quantity !== 0).map(([itemId, item]) => ({
      itemId,
      line: item.line,
      paidThrough: later(paidThroughOf(itemId, { item, purchase }), trialThrough),
    })),
    ...paidOnly(unlisted),
  ]);
}

/** Whether everything was taken out of the subscription. */
export function isEmptied(purchase: Purchase): boolean {
  return purchase.subscription !== null && !purchase.subscription.value.isPartial &&
    presentItems(purchase).length === 0;
}

/** Through when anything of it was paid, Unix seconds; null: no paid period is known. */
export function latestPaid(purchase: Purchase): number | null {
  return [
    ...Object.values(purchase.items).map((item) => item.paidThrough),
    ...owedPeriods(purchase).map(({ end }) => end),
  ].reduce(later, null);
}

/** Through when it is owed though no line shows it, Unix seconds; null: nothing is. */
function owedThrough(itemId: string, purchase: Purchase): number | null {
  return owedPeriods(purchase).filter((period) => period.itemId === itemId)
    .map(({ end }) => end).reduce(later, null);
}

/**
 * The item's own paid time. An item without a paid line of its own, as after a change that is billed
 * later, counts as long as the purchase is paid, but no longer than its own period.
 */
function paidThroughOf(
  itemId: string,
  { item, purchase }: { item: SnapshotItem; purchase: Purchase },
): number | null {
  const own = later(
    purchase.items[itemId]?.paidThrough ?? null,
    owedThrough(itemId, purchase),
  );
  if (own !== null) return own;
  const paid = latestPaid(purchase);
  if (paid === null) return null;
  return item.currentPeriodEnd === null ? paid : Math.min(item.currentPeriodEnd, paid);
}

function sessionItems({ sessions }: Purchase): PresentItem[] {
  return Object.values(sessions).filter((session) => session.payment === "paid")
    .flatMap((session) => Object.entries(session.lines ?? {}))
    .map(([itemId, line]) => ({ itemId, line: line.value, paidThrough: null }));
}

function later(a: number | null, b: number | null): number | null {
  if (a === null || b === null) return a ?? b;
  return Math.max(a, b);
}

function inOrder(items: PresentItem[]): PresentItem[] {
  return items.sort((a, b) => (a.itemId < b.itemId ? -1 : 1));
}
