// Purchases for tests: nothing is known but what the test names.

import {
  type Item,
  type Latest,
  type Line,
  nothing,
  type Purchase,
  type Session,
  type Terms,
} from "../../../functions/stripe-cryptlex/purchase.ts";

/** When things were said unless told otherwise, Unix seconds: 2026-11-02T10:00:00Z. */
export const saidAt = 1_793_613_600;

export const day = 24 * 60 * 60;

export function purchaseWith(known: Partial<Purchase> = {}): Purchase {
  return { ...nothing, ...known };
}

export function said<T>(
  value: T,
  { at = saidAt, by = "evt_1" }: { at?: number; by?: string } = {},
): Latest<T> {
  return { value, at, by };
}

export function termsOf(productId: string, changed: Partial<Terms> = {}): Terms {
  return { productId, licenseTemplateId: null, entitlementSetId: null, ...changed };
}

/** A session that was paid when it was completed. */
export function sessionWith(changed: Partial<Session> = {}): Session {
  return { payment: "paid", completed: true, terms: said(null), ...changed };
}

/** An item of `price_a` and `prod_a`, paid for thirty days. */
export function itemWith(
  line: Partial<Line> = {},
  { paidThrough = saidAt + 30 * day }: { paidThrough?: number | null } = {},
): Item {
  return {
    paidThrough,
    line: said({ priceId: "price_a", productId: "prod_a", terms: null, ...line }),
  };
}
