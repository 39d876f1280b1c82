// What asks for licenses, given those that are there: one for the whole purchase covers what has none
// of its own. Pure.

import type { KnownLicense } from "./known_license.ts";
import { isProvisional } from "./mapping.ts";
import { presentItems } from "./present_items.ts";
import type { Purchase } from "./purchase.ts";
import { type Catalog, type Target, targets, wholeTarget } from "./targets.ts";

/**
 * The targets, given what is there: a license for the whole purchase, ours or adopted, covers every
 * line that has none of its own, whatever was edited since.
 */
export function coveredTargets(
  purchase: Purchase,
  { known, catalog }: { known: readonly KnownLicense[]; catalog: Catalog },
): Target[] {
  const found = targets(purchase, catalog);
  const items = presentItems(purchase);
  const invoiced = items.some((item) => item.paidThrough !== null);
  const there = known.filter((license) =>
    license.endedAt === null && !(invoiced && isProvisional(license))
  );
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
