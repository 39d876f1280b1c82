// What asks for a license, for tests.

import type { Terms } from "../../../functions/stripe-cryptlex/purchase.ts";
import { ignoredSeats, type Seats } from "../../../functions/stripe-cryptlex/seats.ts";
import type { Plan } from "../../../functions/stripe-cryptlex/line_mapping.ts";
import type { Target } from "../../../functions/stripe-cryptlex/targets.ts";
import { termsOf } from "./purchase_with.ts";

/** One a unit. */
export const licenseSeats: Seats = { mode: "licenses", perUnit: 1 };

/** `si_1`, of `price_a` and `prod_a`, mapped by a plan. */
export function targetOf(terms: Terms | string | null, changed: Partial<Target> = {}): Target {
  return {
    itemId: "si_1",
    covers: [],
    since: null,
    isAdded: false,
    parts: [],
    priceId: "price_a",
    productId: "prod_a",
    mappedBy: "plan",
    seats: ignoredSeats,
    quantity: null,
    interval: null,
    paidThrough: null,
    terms: typeof terms === "string" ? termsOf(terms) : terms,
    ...changed,
  };
}

/** A plan that makes of a price, or of a Stripe product, that Cryptlex product. */
export function planOf(
  stripeId: string,
  cryptlexProductId: string,
  changed: Partial<Plan> = {},
): Plan {
  return {
    stripeId,
    cryptlexProductId,
    licenseTemplateId: null,
    entitlementSetId: null,
    seats: ignoredSeats,
    ...changed,
  };
}
