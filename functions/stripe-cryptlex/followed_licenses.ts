// Licenses of another script that no item asks for any more, or never did: they last as long as the
// purchase does, all the same. Pure.

import type { Slot } from "./assign_slots.ts";
import { frozen } from "./frozen_mapping.ts";
import type { KnownLicense } from "./known_license.ts";
import { furthest, type Target } from "./targets.ts";

/**
 * A slot for each adopted license in none of `slots`: what was found is never ended as surplus, but
 * follows the expiry, the suspensions and the end of the whole purchase.
 */
export function followedLicenses(
  known: readonly KnownLicense[],
  { slots, targets }: { slots: readonly Slot[]; targets: readonly Target[] },
): Slot[] {
  const taken = new Set(slots.map(({ slot }) => slot));
  const left = known.filter((license) =>
    license.origin === "adopted" && license.endedAt === null && !taken.has(license.slot)
  );
  const whole = targets.filter((target) => target.itemId === null);
  const paidThrough = furthest(whole.length > 0 ? whole : targets);
  const first = left.filter(({ slot }, i) => left.findIndex((one) => one.slot === slot) === i);
  return first.map((license) => ({
    ...frozen(license),
    slot: license.slot,
    mappedBy: license.mappedBy,
    target: wholeOf(license, paidThrough),
    stripePriceId: license.stripePriceId,
    stripeProductId: license.stripeProductId,
    remapped: false,
    replaces: null,
    isFollowed: true,
  }));
}

function wholeOf(license: KnownLicense, paidThrough: number | null): Target {
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
  };
}
