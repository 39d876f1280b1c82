// When a license is mapped anew, and what it keeps else. A mapping is frozen once its license is made:
// editing metadata, plans or the setting later serves new licenses only. Pure.

import type { KnownLicense } from "./known_license.ts";
import type { Terms } from "./purchase.ts";
import type { Seats } from "./seats.ts";
import type { Target } from "./targets.ts";

/**
 * The price or product on its Stripe line changed, what it was mapped to last is not all done, or the
 * sale was not all told when the license was made: session and first invoice come in either order.
 */
export function mayRemap(target: Target, holder: KnownLicense): boolean {
  if (target.terms === null || holder.origin === "adopted") return false;
  const lateSession = target.mappedBy === "session" && holder.mappedBy !== "session" &&
    holder.mappedBy !== "line";
  const { paidThrough, mappedBy, terms } = target;
  const saysMore = paidThrough !== null ||
    (holder.mappedBy === "setting" && mappedBy !== "setting") ||
    // Of a license that was found nobody noted what its units are.
    (holder.mappedBy === "found" && holder.cryptlexProductId === terms.productId);
  const lateInvoice = isProvisional(holder) && saysMore;
  return lateSession || lateInvoice || lacksItsSet(holder) ||
    changed(holder.stripePriceId, target.priceId) ||
    changed(holder.stripeProductId, target.productId) || isNew(target, holder);
}

/**
 * An item that was not seen in the subscription when the license was mapped: only an invoice told of
 * it, which has none of its metadata, or it came after all that one for the whole had stood for.
 */
function isNew(
  { itemId, isAdded, covers, mappedBy }: Target,
  { stripeItemId, coveredItems }: KnownLicense,
): boolean {
  if (itemId === null || coveredItems === null) return false;
  const isSeen = covers.includes(itemId) && !coveredItems.includes(itemId);
  return isSeen && (mappedBy === "line" || (isAdded && stripeItemId === null));
}

/**
 * Made by us of a session alone, or by a call of which we never heard: what it stands for is not
 * settled before its first paid period is.
 */
export function isProvisional(license: KnownLicense): boolean {
  return license.origin === "created" && license.wroteExpiresAt === null;
}

/** Its set was refused, or is about to be set: with its first date it may have been dated all the same. */
function lacksItsSet({ writing }: KnownLicense): boolean {
  return writing?.entitlementSetId !== undefined;
}

/** What was mapped when it was made. */
export function frozen(license: KnownLicense): { terms: Terms; seats: Seats } {
  return {
    terms: {
      productId: license.cryptlexProductId,
      licenseTemplateId: license.licenseTemplateId,
      entitlementSetId: license.wrote.entitlementSetId,
    },
    seats: license.seats,
  };
}

const metadataPlaces: readonly string[] = ["line", "session", "subscription", "invoice"];

/** Metadata that came too late to be obeyed, a sentence for people; null: there is none. */
export function lateMetadata(target: Target, holder: KnownLicense): string | null {
  const { terms, mappedBy } = target;
  if (terms === null || holder.origin === "adopted" || !metadataPlaces.includes(mappedBy)) {
    return null;
  }
  const { productId, entitlementSetId } = frozen(holder).terms;
  const isSame = productId === terms.productId &&
    (terms.entitlementSetId === null || terms.entitlementSetId === entitlementSetId);
  return isSame
    ? null
    : `license ${holder.licenseId} keeps what it was made for; metadata of the ` +
      `${mappedBy} came too late, or was changed since`;
}

/** What was not known before has not changed. */
function changed(before: string | null, now: string | null): boolean {
  return before !== null && now !== null && before !== now;
}
