// Which license stands for which target. A mapping is frozen once its license is made: editing
// metadata, plans or the setting later serves new licenses only. Pure.

import { isLiving, type KnownLicense, type MappedBy } from "./known_license.ts";
import type { Terms } from "./purchase.ts";
import type { Target } from "./targets.ts";

/** A license that should be there, before its dates. */
export type Slot = {
  /** Cryptlex product and ordinal within the purchase. */
  readonly slot: string;
  readonly terms: Terms;
  readonly mappedBy: MappedBy;
  readonly target: Target;
  /** The terms are the target's own, not those frozen with the license. */
  readonly remapped: boolean;
};

/**
 * A slot for every target that is mapped, or has a license already.
 *
 * A target keeps the license made for it, unless the price or product on its Stripe line changed, or
 * the sale was not all told when it was made (session and first invoice come in either order): then
 * its new terms count, and another Cryptlex product means another slot.
 */
export function assignSlots(
  targets: readonly Target[],
  known: readonly KnownLicense[],
): { slots: Slot[]; unmapped: Target[] } {
  const free = known.filter((license) => license.endedAt === null);
  const taken = new Set(known.map((license) => license.slot));
  const slots: Slot[] = [];
  const unmapped: Target[] = [];

  for (const target of targets) {
    const holder = findHolder(target, free);
    const remapped = holder === null || mayRemap(target, holder);
    const terms = remapped ? target.terms : frozenTerms(holder);
    if (terms === null) {
      unmapped.push(target);
      continue;
    }
    const keeps = holder !== null && holder.cryptlexProductId === terms.productId;
    const slot = keeps ? holder.slot : freeSlot(terms.productId, taken);
    if (holder !== null) removeSlot(free, holder.slot);
    taken.add(slot);
    slots.push({
      slot,
      terms,
      target,
      remapped,
      mappedBy: remapped ? target.mappedBy : holder.mappedBy,
    });
  }
  return { slots, unmapped };
}

/** The license made for this target: of the same item, or where either stands for the whole. */
function findHolder(target: Target, free: readonly KnownLicense[]): KnownLicense | null {
  const fitting = free.filter((license) =>
    license.stripeItemId === target.itemId || license.stripeItemId === null ||
    target.itemId === null
  );
  const sameItem = (license: KnownLicense) => license.stripeItemId === target.itemId;
  const sameProduct = (license: KnownLicense) =>
    license.cryptlexProductId === target.terms?.productId;
  return fitting.find((license) => sameItem(license) && sameProduct(license)) ??
    fitting.find(sameProduct) ??
    fitting.find((license) => sameItem(license) && isLiving(license)) ??
    fitting.find(sameItem) ?? fitting[0] ?? null;
}

/** Notes on each license in a slot what it now stands for, so that the next change shows. */
export function rememberMappings(
  licenses: Map<string, KnownLicense>,
  slots: readonly Slot[],
): void {
  for (const license of licenses.values()) {
    const slot = slots.find((one) => one.slot === license.slot);
    if (slot === undefined) continue;
    const { target, remapped } = slot;
    // A price that was not followed must still count as changed once it is mapped.
    const follow = (before: string | null, now: string | null) =>
      remapped ? now ?? before : before ?? now;
    licenses.set(license.licenseId, {
      ...license,
      mappedBy: remapped ? slot.mappedBy : license.mappedBy,
      stripeItemId: remapped ? target.itemId : license.stripeItemId,
      stripePriceId: follow(license.stripePriceId, target.priceId),
      stripeProductId: follow(license.stripeProductId, target.productId),
    });
  }
}

function mayRemap(target: Target, holder: KnownLicense): boolean {
  if (target.terms === null || holder.origin === "adopted") return false;
  const lateSession = target.mappedBy === "session" && holder.mappedBy !== "session" &&
    holder.mappedBy !== "line";
  const saysMore = target.paidThrough !== null ||
    (holder.mappedBy === "setting" && target.mappedBy !== "setting");
  const lateInvoice = isProvisional(holder) && saysMore;
  return lateSession || lateInvoice || changed(holder.stripePriceId, target.priceId) ||
    changed(holder.stripeProductId, target.productId);
}

/**
 * Made by us of a session alone, or by a call of which we never heard: what it stands for is not
 * settled before its first paid period is.
 */
export function isProvisional(license: KnownLicense): boolean {
  return license.origin === "created" && license.wroteExpiresAt === null;
}

/** What was not known before has not changed. */
function changed(before: string | null, now: string | null): boolean {
  return before !== null && now !== null && before !== now;
}

function frozenTerms(license: KnownLicense): Terms {
  return {
    productId: license.cryptlexProductId,
    licenseTemplateId: license.licenseTemplateId,
    entitlementSetId: license.entitlementSetId,
  };
}

function freeSlot(productId: string, taken: ReadonlySet<string>): string {
  for (let ordinal = 1;; ordinal++) {
    const slot = `${productId}/${ordinal}`;
    if (!taken.has(slot)) return slot;
  }
}

function removeSlot(free: KnownLicense[], slot: string): void {
  for (let i = free.length - 1; i >= 0; i--) if (free[i]?.slot === slot) free.splice(i, 1);
}
