// Money that came and went back: what was captured, and which refunds are known. Pure.

import { byKey, higher, perhaps, withUnknown } from "./lattice.ts";

/** `succeeded` is no end: a refund can fail after days (docs.stripe.com/refunds, failed refunds). */
const refundStatuses = ["pending", "succeeded", "failed"] as const;
export type RefundStatus = typeof refundStatuses[number];

/** A refund; `amount` in the currency's smallest unit, as all amounts here. */
export type Refund = { readonly amount: number; readonly status: RefundStatus };

/** What is known of one payment's money. */
export type Charge = {
  /** Null: no charge was seen. */
  readonly captured: number | null;
  /** The highest `amount_refunded` seen on the charge; it falls again when a refund fails. */
  readonly refunded: number;
  /** By refund id, `re_…`. */
  readonly refunds: Readonly<Record<string, Refund>>;
};

/** Nothing known of a charge. */
export const noCharge: Charge = { captured: null, refunded: 0, refunds: {} };

/** Everything both know. */
export function mergeCharge(a: Charge, b: Charge): Charge {
  return withUnknown(a, b, {
    captured: perhaps(a.captured, b.captured, Math.max),
    refunded: Math.max(a.refunded, b.refunded),
    refunds: byKey(a.refunds, b.refunds, mergeRefund),
  });
}

function mergeRefund(a: Refund, b: Refund): Refund {
  const { status } = higher(a, b, (refund) => refundStatuses.indexOf(refund.status));
  return withUnknown(a, b, { amount: Math.max(a.amount, b.amount), status });
}

/** What has gone back for good, as far as is known. */
export function refundedAmount({ refunded, refunds }: Charge): number {
  const sum = (status: RefundStatus) =>
    Object.values(refunds).filter((refund) => refund.status === status)
      .reduce((total, { amount }) => total + amount, 0);
  return Math.max(sum("succeeded"), refunded - sum("failed"));
}

/** What is known of the price of what these charges paid, in all. */
export type Price = {
  /** What the buyer was to pay at Checkout; null: not known. */
  readonly asked: number | null;
  /** How many payments that was to be. */
  readonly payments: number;
  /** What was paid of its invoices, however many payments it took; null: it has none. */
  readonly invoiced: number | null;
};

/** Whether all the money went back: also that of payments whose charges were not seen. */
export function isRefunded(charges: readonly Charge[], price: Price): boolean {
  const refunded = charges.reduce((total, charge) => total + refundedAmount(charge), 0);
  const paid = paidInAll(charges, price);
  return refunded > 0 && paid !== null && refunded >= paid;
}

/** Null: not known. */
function paidInAll(
  charges: readonly Charge[],
  { asked, payments, invoiced }: Price,
): number | null {
  const captured = charges.map((charge) => charge.captured).filter((amount) => amount !== null);
  const total = captured.reduce((sum, amount) => sum + amount, 0);
  if (invoiced !== null) return Math.max(invoiced, total);
  // Less may have been captured than was asked for.
  const allSeen = captured.length === charges.length && captured.length >= payments;
  return allSeen && captured.length > 0 ? total : asked;
}
