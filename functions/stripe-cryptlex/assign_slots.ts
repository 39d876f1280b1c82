// Which license stands for which target, one or several to a target. Pure.

import { followedLicenses } from "./followed_licenses.ts";
import { frozen, lateMetadata, mayRemap } from "./frozen_mapping.ts";
import { isLiving, type KnownLicense, type MappedBy } from "./known_license.ts";
import type { Terms } from "./purchase.ts";
import { type Seats, unitsOf } from "./seats.ts";
import { createSlotPool, type LastSeen, type SlotPool } from "./slot_pool.ts";
import type { Target } from "./targets.ts";

/** A license that should be there, before its dates and flags. */
export type Slot = {
  /** Cryptlex product and ordinal within the purchase. */
  readonly slot: string;
  readonly terms: Terms;
  readonly seats: Seats;
  readonly mappedBy: MappedBy;
  readonly target: Target;
  /** The price and product of Stripe's that the terms are for; null: not known. */
  readonly stripePriceId: string | null;
  readonly stripeProductId: string | null;
  /** The terms are the target's own, not those frozen with the license. */
  readonly remapped: boolean;
  /** The slot whose license it takes the place of, being of another product; null: of none. */
  readonly replaces: string | null;
  /** It stands for adopted licenses alone, which nothing asks for: they end with the purchase. */
  readonly isFollowed: boolean;
};

/** Every target with its slots, and what is left. */
export type Assignment = {
  readonly slots: readonly Slot[];
  readonly unmapped: readonly Target[];
  readonly reports: readonly string[];
};

/**
 * A slot, or one a unit, for every target that is mapped or has a license already.
 *
 * A target keeps the license made for it unless it may be mapped anew: then its new terms count, and
 * another Cryptlex product means another slot. What stood for an item that is no more stands for one
 * of the same product that came instead; what we ended is taken up again.
 */
export function assignSlots(
  targets: readonly Target[],
  known: readonly KnownLicense[],
  lastSeen: LastSeen = () => null,
): Assignment {
  const pool = createSlotPool(known, targets, lastSeen);
  const slots: Slot[] = [];
  const unmapped: Target[] = [];
  const reports: string[] = [];

  for (const target of targets) {
    const holder = pool.holder(target);
    const remapped = holder === null || mayRemap(target, holder);
    const mapping = remapped ? target : frozen(holder);
    if (mapping.terms === null) {
      unmapped.push(target);
      continue;
    }
    const late = remapped ? null : lateMetadata(target, holder);
    if (late !== null) reports.push(late);
    slots.push(
      ...slotsOf(target, {
        terms: mapping.terms,
        seats: mapping.seats,
        mappedBy: remapped ? target.mappedBy : holder.mappedBy,
        // A price that was not followed must still count as changed once it is mapped.
        stripePriceId: remapped
          ? target.priceId ?? holder?.stripePriceId ?? null
          : holder.stripePriceId ?? target.priceId,
        stripeProductId: remapped
          ? target.productId ?? holder?.stripeProductId ?? null
          : holder.stripeProductId ?? target.productId,
        remapped,
      }, pool),
    );
  }
  const followed = followedLicenses(known, { slots, unmapped });
  reports.push(
    ...followed.map(({ slot }) =>
      `a license of ${slot} was there before, and nothing asks for it: no other's money prolongs it`
    ),
  );
  return { slots: [...slots, ...followed], unmapped, reports };
}

function slotsOf(
  target: Target,
  mapping: Omit<Slot, "slot" | "target" | "replaces" | "isFollowed">,
  pool: SlotPool,
): Slot[] {
  const { productId } = mapping.terms;
  // One unit after the other: fewer of them leave out the highest ordinals.
  return Array.from({ length: unitsOf(mapping.seats, target.quantity) }, () => {
    const kept = pool.take(target, productId);
    const isInstead = kept === null || !isLiving(kept) || kept.stripeItemId !== target.itemId;
    const replaced = isInstead
      ? pool.takeReplaced(target, { productId, whole: kept === null })
      : null;
    return {
      ...mapping,
      target,
      slot: kept?.slot ?? pool.freeSlot(productId),
      replaces: replaced?.slot ?? null,
      isFollowed: false,
    };
  });
}
