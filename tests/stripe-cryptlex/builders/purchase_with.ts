// Purchases for tests: nothing is known but what the test names.

import { type Charge, noCharge } from "../../../functions/stripe-cryptlex/charges.ts";
import type { CutInvoice } from "../../../functions/stripe-cryptlex/cut_invoices.ts";
import type { Latest } from "../../../functions/stripe-cryptlex/lattice.ts";
import {
  type Item,
  type Line,
  type ListedItem,
  nothing,
  type Purchase,
  type Session,
  type Terms,
} from "../../../functions/stripe-cryptlex/purchase.ts";
import type { Snapshot } from "../../../functions/stripe-cryptlex/subscription_snapshot.ts";

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

/** A session that was paid when it was completed; what it sold nobody asked. */
export function sessionWith(changed: Partial<Session> = {}): Session {
  return {
    payment: "paid",
    completed: true,
    amountTotal: 9900,
    terms: said(null),
    lines: null,
    ...changed,
  };
}

/** One of `price_a` and `prod_a`, a month of it. */
export function lineWith(changed: Partial<Line> = {}): Line {
  return {
    priceId: "price_a",
    productId: "prod_a",
    terms: null,
    quantity: 1,
    interval: "P1M",
    ...changed,
  };
}

/** An item of `price_a` and `prod_a`, paid for thirty days. */
export function itemWith(
  line: Partial<Line> = {},
  { paidThrough = saidAt + 30 * day, paidFrom = saidAt }: Partial<Omit<Item, "line">> = {},
): Item {
  return { paidThrough, paidFrom, line: said(lineWith(line)) };
}

/** An item the subscription began with, unless told otherwise. */
export function listedWith(changed: Partial<ListedItem> = {}): ListedItem {
  return { createdAt: saidAt, isAdded: false, line: said(lineWith()), ...changed };
}

/** An active subscription of one such item for each of `items`, nothing left out. */
export function snapshotWith(
  items: Readonly<Record<string, Partial<Line>>>,
  changed: Partial<Omit<Snapshot, "items">> = {},
): Snapshot {
  return {
    status: "active",
    isPartial: false,
    items: Object.fromEntries(
      Object.entries(items).map(([id, line]) => [id, {
        line: lineWith(line),
        currentPeriodEnd: saidAt + 30 * day,
      }]),
    ),
    ...changed,
  };
}

/** An invoice whose event listed its first lines only; it billed through the moment things were said. */
export function cutInvoiceWith(changed: Partial<CutInvoice> = {}): CutInvoice {
  return {
    created: saidAt,
    billedThrough: saidAt,
    subscriptionTerms: null,
    isListed: false,
    ...changed,
  };
}

/** A charge of which nothing went back. */
export function chargeWith(changed: Partial<Charge> = {}): Charge {
  return { ...noCharge, captured: 9900, ...changed };
}
