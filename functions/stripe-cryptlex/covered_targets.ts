// What asks for licenses, given those that are there: one for the whole purchase covers what has none
// of its own, and what has its own keeps asking for that. Pure.

import type { KnownLicense } from "./known_license.ts";
import { isProvisional, mayRemap } from "./mapping.ts";
import { type PresentItem, presentItems } from "./present_items.ts";
import type { Purchase } from "./purchase.ts";
import { ignoredSeats } from "./seats.ts";
import { type Catalog, itemTarget, type Target, targets, wholeTarget } from "./targets.ts";

/**
 * The targets, given what is there: a license for the whole purchase, ours or adopted, covers every
 * line that has none of its own, and a line with its own keeps it, whatever was edited since.
 */
export function coveredTargets(
  purchase: Purchase,
  { known, catalog }: { known: readonly KnownLicense[]; catalog: Catalog },
): Target[] {
  const items = presentItems(purchase);
  const invoiced = items.some((item) => item.paidThrough !== null);
  const there = known.filter((license) =>
    license.endedAt === null && !(invoiced && isProvisional(license))
  );
  const found = withOwn(targets(purchase, catalog), { items, there });
  if (!there.some((license) => license.stripeItemId === null)) return found;

  const own = new Set(there.map((license) => license.stripeItemId));
  const beside = found.filter((target) => target.itemId !== null && own.has(target.itemId));
  const covered = found.filter((target) => !beside.includes(target));
  // Nothing is left to be covered: what stood for the rest has nothing to stand for.
  if (covered.length === 0 && items.length > 0) return beside;
  const [only] = covered;
  if (covered.length === 1 && only !== undefined) return [...beside, { ...only, itemId: null }];
  const whole = covered.find((target) => target.itemId === null);
  // A replaced license, still to be ended, takes its item from nobody.
  const rest = items.filter(({ itemId }) => !beside.some((target) => target.itemId === itemId));
  return [
    ...beside,
    wholeTarget(rest, { terms: whole?.terms ?? null, mappedBy: whole?.mappedBy ?? "found" }),
  ];
}

/**
 * The targets, where terms of the whole purchase that came to be known later leave out every item
 * with a license that may not be mapped anew: else all the others' would stand for nothing.
 */
function withOwn(
  found: readonly Target[],
  { items, there }: { items: readonly PresentItem[]; there: readonly KnownLicense[] },
): Target[] {
  const whole = found.find((target) => target.itemId === null);
  if (whole === undefined) return [...found];
  const { terms, mappedBy } = whole;
  const apart = found.filter((target) => target !== whole);
  const rest = items.filter(({ itemId }) => apart.every((target) => target.itemId !== itemId));
  const own = rest
    .map((item) => itemTarget(item, { terms, mappedBy, seats: ignoredSeats }))
    .filter((target) =>
      there.some((license) => license.stripeItemId === target.itemId && !mayRemap(target, license))
    );
  if (own.length === 0) return [...found];
  const left = rest.filter(({ itemId }) => own.every((target) => target.itemId !== itemId));
  return [...apart, ...own, ...(left.length === 0 ? [] : [wholeTarget(left, whole)])];
}
