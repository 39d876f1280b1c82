// The licenses of a purchase that stand for no target yet, and the slots that were ever used. Pure but
// for what is taken out of the pool.

import { isLiving, type KnownLicense } from "./known_license.ts";
import type { Target } from "./targets.ts";

/** What may stand for a target. A license once taken is not offered again. */
export type SlotPool = {
  /** The license that stands for it now, one of the mapped product first; null: none does. */
  holder(target: Target): KnownLicense | null;
  /** Takes the license of that product that is to stand for it, also one we ended. */
  take(target: Target, productId: string): KnownLicense | null;
  /** Takes one of another product that stood for it, itself or (`whole`) with the rest: it is to end. */
  takeReplaced(
    target: Target,
    other: { productId: string; whole: boolean },
  ): KnownLicense | null;
  /** A slot nobody ever had. */
  freeSlot(productId: string): string;
};

/** `presentItems`: the items there are, null the whole; what stands for another is up for those. */
export function createSlotPool(
  known: readonly KnownLicense[],
  presentItems: ReadonlySet<string | null>,
): SlotPool {
  const used = new Set(known.map((license) => license.slot));
  // A surplus one stands for nothing, and so it ends.
  const byOrdinal = known.filter((license) => !Number.isNaN(ordinalOf(license)))
    .sort((a, b) => ordinalOf(a) - ordinalOf(b));
  // One that is gone still holds its slot: whoever deleted it meant to.
  const free = byOrdinal.filter((license) => license.endedAt === null);
  const ended = byOrdinal.filter((license) =>
    license.endedAt !== null && license.goneAt === null && license.origin === "created"
  );

  const isOrphan = ({ stripeItemId }: KnownLicense) =>
    stripeItemId !== null && !presentItems.has(stripeItemId);
  const isOfItem = (license: KnownLicense, { itemId }: Target) => license.stripeItemId === itemId;
  const isWholeTaken = presentItems.has(null);
  /** Of the same item, or where either stands for the whole, and nothing else asks for that. */
  const fits = (license: KnownLicense, target: Target) =>
    isOfItem(license, target) || target.itemId === null ||
    (license.stripeItemId === null && !isWholeTaken);

  function take(license: KnownLicense | undefined): KnownLicense | null {
    if (license === undefined) return null;
    // Several in one slot are one holder.
    for (const list of [free, ended]) {
      for (let i = list.length - 1; i >= 0; i--) {
        if (list[i]?.slot === license.slot) list.splice(i, 1);
      }
    }
    return license;
  }

  return {
    holder(target) {
      const isWanted = (license: KnownLicense) =>
        license.cryptlexProductId === target.terms?.productId;
      const fitting = free.filter((license) => fits(license, target));
      const ofItem = fitting.filter((license) => isOfItem(license, target));
      return ofItem.find(isWanted) ?? ofItem.find(isLiving) ?? ofItem[0] ??
        fitting.find(isWanted) ?? fitting.find(isLiving) ?? fitting[0] ??
        // Of a price that nothing maps: what was there before it stays.
        (target.terms === null ? free.find((one) => isOrphan(one) && isLiving(one)) : undefined) ??
        null;
    },
    take(target, productId) {
      const ours = (license: KnownLicense) => license.cryptlexProductId === productId;
      const living = free.filter(ours);
      const past = ended.filter(ours);
      return take(
        living.find((license) => isOfItem(license, target)) ??
          living.find((license) => fits(license, target)) ??
          past.find((license) => isOfItem(license, target)) ??
          living.find(isOrphan) ?? past.find(isOrphan),
      );
    },
    takeReplaced(target, { productId, whole }) {
      const others = free.filter((license) => license.cryptlexProductId !== productId);
      return take(
        others.find((license) => isOfItem(license, target)) ??
          (whole ? others.find((license) => fits(license, target)) : undefined),
      );
    },
    freeSlot(productId) {
      for (let ordinal = 1;; ordinal++) {
        const slot = `${productId}/${ordinal}`;
        if (used.has(slot)) continue;
        used.add(slot);
        return slot;
      }
    },
  };
}

/** NaN: a surplus one's slot is nobody's. */
function ordinalOf({ slot }: KnownLicense): number {
  return Number(slot.slice(slot.lastIndexOf("/") + 1));
}
