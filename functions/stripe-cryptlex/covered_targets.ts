// What asks for licenses, given those that are there: one for the whole purchase covers what has none
// of its own, and what has its own keeps asking for that. Pure.

import { isProvisional, mayRemap } from "./frozen_mapping.ts";
import type { KnownLicense } from "./known_license.ts";
import { type Mapping } from "./line_mapping.ts";
import { isAdded, removedItems } from "./listed_items.ts";
import { type PresentItem, presentItems } from "./present_items.ts";
import type { Purchase } from "./purchase.ts";
import { ignoredSeats } from "./seats.ts";
import {
  furthest,
  itemTarget,
  seenItems,
  type Sold,
  type Target,
  targets,
  wholeTarget,
} from "./targets.ts";

/**
 * The targets, given what is there: a license for the whole purchase, ours or adopted, covers every
 * line that was there when it was made, and each that came since and is mapped by nothing of its own,
 * whatever was edited since; a line with a license of its own keeps it.
 */
export function coveredTargets(
  purchase: Purchase,
  { known, catalog }: { known: readonly KnownLicense[]; catalog: Sold["catalog"] },
): Target[] {
  const sold = { purchase, catalog };
  const items = presentItems(purchase);
  const invoiced = items.some((item) => item.paidThrough !== null);
  const there = known.filter((license) =>
    license.endedAt === null && !(invoiced && isProvisional(license))
  );
  const wholes = there.filter((license) => isOfWhole(license, known));
  const gone = removedItems(purchase).filter((item) => !hadItsOwn(item, { known, wholes }));
  const found = withOwn(targets(purchase, catalog, gone), { items, there, sold, removed: gone });
  if (wholes.length === 0) return found;

  const covered = wholes.map(({ coveredItems }) => coveredItems).find((ids) => ids !== null);
  const own = new Set(there.map((license) => license.stripeItemId));
  const beside = found.filter((target) =>
    target.itemId !== null && (own.has(target.itemId) || isApart(target, sold, covered))
  );
  const rest = items.filter(({ itemId }) => beside.every((target) => target.itemId !== itemId));
  // Nothing is left to be covered: what stood for the rest has nothing to stand for.
  if (rest.length === 0 && items.length > 0) return beside;
  const left = found.filter((target) => !beside.includes(target));
  // Found, and of nothing that it began with: what came later and nothing maps is none of it.
  const isNew = rest.length > 0 && rest.every(({ itemId }) => isAdded(purchase, itemId));
  if (covered === undefined && isNew && left.every(({ terms }) => terms === null)) return found;

  const removed = gone.filter((item) => !isApart(itemTarget(item, sold), sold, covered));
  const [only] = left;
  if (left.length === 1 && only !== undefined) {
    const paidThrough = furthest([...rest, ...removed]);
    const covers = seenItems(rest, purchase);
    return [...beside, { ...only, itemId: null, since: null, covers, paidThrough }];
  }
  const mapping = left.find((target) => target.itemId === null) ??
    { terms: null, mappedBy: "found" as const };
  const parts = left.every((target) => target.itemId !== null) ? left : [];
  return [...beside, { ...wholeTarget(rest, { ...sold, mapping, removed }), parts }];
}

/** It stands for no item, and is no adopted double of one that does, or did until it ended. */
function isOfWhole(
  { slot, origin, stripeItemId }: KnownLicense,
  known: readonly KnownLicense[],
): boolean {
  const isDouble = origin === "adopted" &&
    known.some((other) => other.slot === slot && other.stripeItemId !== null);
  return stripeItemId === null && !isDouble;
}

/** Whether a license stood for it alone, so that its money was never that of the whole. */
function hadItsOwn(
  { itemId }: PresentItem,
  { known, wholes }: { known: readonly KnownLicense[]; wholes: readonly KnownLicense[] },
): boolean {
  const stoodFor = ({ stripeItemId, coveredItems }: KnownLicense) =>
    stripeItemId === itemId || (coveredItems?.includes(itemId) ?? false);
  return !wholes.some(stoodFor) &&
    known.some((license) => license.stripeItemId !== null && stoodFor(license));
}

/**
 * Whether an item with a mapping of its own is none that the license of the whole stood for. Where
 * nobody noted for which it did, as it was found, those are the ones the subscription began with.
 */
function isApart(
  { itemId, terms, mappedBy, isAdded }: Target,
  { purchase }: Sold,
  covered: readonly string[] | undefined,
): boolean {
  if (itemId === null || terms === null || covered?.includes(itemId)) return false;
  // Of an item that only invoices tell of nobody knows whether it is new.
  return isAdded || (covered !== undefined && mappedBy === "line" && itemId in purchase.listed);
}

/**
 * The targets, where terms of the whole purchase that came to be known later leave out every item
 * with a license that may not be mapped anew: else all the others' would stand for nothing.
 */
function withOwn(
  found: readonly Target[],
  { items, there, sold, removed }: {
    items: readonly PresentItem[];
    there: readonly KnownLicense[];
    sold: Sold;
    removed: readonly PresentItem[];
  },
): Target[] {
  const whole = found.find((target) => target.itemId === null);
  if (whole === undefined) return [...found];
  const { terms, mappedBy } = whole;
  const mapping: Mapping = { terms, mappedBy, seats: ignoredSeats };
  const apart = found.filter((target) => target !== whole);
  const rest = items.filter(({ itemId }) => apart.every((target) => target.itemId !== itemId));
  const own = rest.map((item) => itemTarget(item, sold, mapping)).filter((target) =>
    there.some((license) => license.stripeItemId === target.itemId && !mayRemap(target, license))
  );
  if (own.length === 0) return [...found];
  const left = rest.filter(({ itemId }) => own.every((target) => target.itemId !== itemId));
  return [
    ...apart,
    ...own,
    ...(left.length === 0 ? [] : [wholeTarget(left, { ...sold, mapping: whole, removed })]),
  ];
}
