// Licenses of another script that no item asks for any more, or never did: they are suspended and end
// with the purchase, all the same. Pure.

import type { Slot } from "./assign_slots.ts";
import { frozen } from "./frozen_mapping.ts";
import type { KnownLicense } from "./known_license.ts";
import { furthest, type Target } from "./targets.ts";

/**
 * A slot for each adopted license in none of `slots`: what was found is never ended as surplus, but
 * follows the suspensions and the end of the whole purchase. Its date is as it was found, unless it
 * stood for some of `unmapped`, the targets that have no license, or is what an item asks for by itself
 * that one for the whole stands for: others' money is none of its.
 */
export function followedLicenses(
  known: readonly KnownLicense[],
  { slots, unmapped }: { slots: readonly Slot[]; unmapped: readonly Target[] },
): Slot[] {
  const taken = new Set(slots.map(({ slot }) => slot));
  const left = known.filter((license) =>
    license.origin === "adopted" && license.endedAt === null && !taken.has(license.slot)
  );
  const first = left.filter(({ slot }, i) => left.findIndex((one) => one.slot === slot) === i);
  const parts = slots.flatMap(({ target }) => target.parts);
  return first.map((license) => ({
    ...frozen(license),
    slot: license.slot,
    mappedBy: license.mappedBy,
    target: restOf(
      license,
      furthest([
        ...unmapped.filter((target) => stoodFor(license, target)),
        ...parts.filter(({ terms }) => terms?.productId === license.cryptlexProductId),
      ]),
    ),
    stripePriceId: license.stripePriceId,
    stripeProductId: license.stripeProductId,
    remapped: false,
    replaces: null,
    isFollowed: true,
  }));
}

function restOf(license: KnownLicense, paidThrough: number | null): Target {
  return {
    ...frozen(license),
    mappedBy: license.mappedBy,
    itemId: null,
    covers: [],
    priceId: null,
    productId: null,
    interval: null,
    quantity: null,
    paidThrough,
    since: null,
    isAdded: false,
    parts: [],
  };
}

/** Where nobody noted that, as it was found, it stood for what the subscription began with. */
function stoodFor(
  { stripeItemId, coveredItems }: KnownLicense,
  { itemId, isAdded }: Target,
): boolean {
  if (itemId === null) return false;
  return itemId === stripeItemId ||
    (coveredItems === null ? !isAdded : coveredItems.includes(itemId));
}
