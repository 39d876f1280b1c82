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
  /**
   * Takes one of another product that stood for it, itself or (`whole`) with the rest or for what it
   * came instead of: it is to end.
   */
  takeReplaced(
    target: Target,
    other: { productId: string; whole: boolean },
  ): KnownLicense | null;
  /** A slot nobody ever had. */
  freeSlot(productId: string): string;
};

/** When an item was last there, Unix seconds; null: nobody saw it. */
export type LastSeen = (itemId: string) => number | null;

/** `targets`: all there are; what stands for an item that asks for nothing any more is up for them. */
export function createSlotPool(
  known: readonly KnownLicense[],
  targets: readonly Target[],
  lastSeen: LastSeen,
): SlotPool {
  const presentItems = new Set(targets.map((target) => target.itemId));
  const used = new Set(known.map((license) => license.slot));
  // A surplus one stands for nothing, and so it ends.
  const inOrder = known.filter((license) => !Number.isNaN(ordinalOf(license))).sort(byOrdinal);
  // One that is gone still holds its slot: whoever deleted it meant to.
  const free = inOrder.filter((license) => license.endedAt === null);
  const ended = inOrder.filter((license) =>
    license.endedAt !== null && license.goneAt === null && license.origin === "created"
  );

  const isOrphan = ({ stripeItemId }: KnownLicense) =>
    stripeItemId !== null && !presentItems.has(stripeItemId);
  const isOfItem = (license: KnownLicense, target: Target) =>
    license.stripeItemId === target.itemId &&
    // Taken over from an item that turned out to have been beside this one it is nobody's.
    (target.terms !== null || (license.coveredItems ?? []).every((id) => cameAfter(target, id)));
  const isWholeTaken = presentItems.has(null);
  /** Of the same item, or where either stands for the whole, and nothing else asks for that. */
  const fits = (license: KnownLicense, target: Target) =>
    isOfItem(license, target) || target.itemId === null ||
    (license.stripeItemId === null && !isWholeTaken &&
      // What was found stands for what it covers: of what came later and nothing maps, for none.
      (license.origin === "created" || target.terms !== null || !target.isAdded));

  /** That of the same price first: an order's lines have other ids on its invoice. */
  function orphanFor(
    target: Target,
    licenses: readonly KnownLicense[],
  ): KnownLicense | undefined {
    const orphans = licenses.filter(isOrphan);
    const later = targets.slice(targets.indexOf(target) + 1)
      .filter((other) => free.every((license) => !isOfItem(license, other)));
    return orphans.find((license) => isOfPrice(license, target)) ??
      orphans.find((license) => later.every((other) => !isOfPrice(license, other)));
  }

  /** Nobody saw the two items beside each other: this one came in its place. */
  function cameAfter({ itemId, since }: Target, other: string): boolean {
    const seen = lastSeen(other);
    return other === itemId || since === null || seen === null || since > seen;
  }
  const cameInstead = (target: Target, { stripeItemId, coveredItems }: KnownLicense) =>
    [...coveredItems ?? [], ...(stripeItemId === null ? [] : [stripeItemId])]
      .every((id) => cameAfter(target, id));

  const isAskedFor = ({ cryptlexProductId }: KnownLicense) =>
    targets.some(({ terms }) => terms?.productId === cryptlexProductId);

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
      // Of a price that nothing maps, or of the same one: what was there before it stays.
      const before = free.filter((license) =>
        isLiving(license) && cameInstead(target, license) &&
        (target.terms === null || isOfPrice(license, target))
      );
      return ofItem.find(isWanted) ?? ofItem.find(isLiving) ?? ofItem[0] ??
        fitting.find(isWanted) ?? fitting.find(isLiving) ?? fitting[0] ??
        orphanFor(target, before) ?? null;
    },
    take(target, productId) {
      const ours = (license: KnownLicense) => license.cryptlexProductId === productId;
      const living = free.filter(ours);
      const past = ended.filter(ours);
      return take(
        living.find((license) => isOfItem(license, target)) ??
          living.find((license) => fits(license, target)) ??
          past.find((license) => isOfItem(license, target)) ??
          orphanFor(target, living) ?? orphanFor(target, past),
      );
    },
    takeReplaced(target, { productId, whole }) {
      const others = free.filter((license) => license.cryptlexProductId !== productId);
      const ofItem = others.find((license) => isOfItem(license, target));
      if (ofItem !== undefined || !whole) return take(ofItem);
      const before = others.filter((license) =>
        isLiving(license) && cameInstead(target, license) && !isAskedFor(license)
      );
      return take(
        others.find((license) => fits(license, target)) ?? orphanFor(target, before),
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

function isOfPrice({ stripePriceId }: KnownLicense, { priceId }: Target): boolean {
  return stripePriceId !== null && stripePriceId === priceId;
}

/** Ours before what was adopted, which is never mapped anew: they may be doubles in one slot. */
function byOrdinal(a: KnownLicense, b: KnownLicense): number {
  return ordinalOf(a) - ordinalOf(b) ||
    Number(a.origin === "adopted") - Number(b.origin === "adopted");
}

/** NaN: a surplus one's slot is nobody's. */
function ordinalOf({ slot }: KnownLicense): number {
  return Number(slot.slice(slot.lastIndexOf("/") + 1));
}
