// A license as it should be, for tests.

import type { DesiredLicense } from "../../../functions/stripe-cryptlex/decide.ts";
import { ignoredSeats } from "../../../functions/stripe-cryptlex/seats.ts";
import { termsOf } from "./purchase_with.ts";
import { targetOf } from "./target_of.ts";

/** In that slot, of the slot's product, valid until 5 December. */
export function desiredOf(slot: string, changed: Partial<DesiredLicense> = {}): DesiredLicense {
  const terms = termsOf(slot.split("/")[0] ?? "");
  return {
    slot,
    terms,
    seats: ignoredSeats,
    mappedBy: "setting",
    target: targetOf(terms, {
      itemId: null,
      priceId: null,
      productId: null,
      mappedBy: "setting",
    }),
    stripePriceId: null,
    stripeProductId: null,
    remapped: false,
    replaces: null,
    isFollowed: false,
    expiresAt: new Date("2026-12-05T10:00:00Z"),
    fields: { revoked: false, suspended: false, entitlementSetId: terms.entitlementSetId },
    interval: null,
    ...changed,
  };
}
