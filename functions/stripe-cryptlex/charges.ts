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

/**
 * Whether all the money of these payments went back. `price`: what the buyer was to pay, for where no
 * charge was seen; null: not known.
 */
export function isRefunded(charges: readonly Charge[], price: number | null): boolean {
  const refunded = charges.reduce((total, charge) => total + refundedAmount(charge), 0);
  const captured = charges.map((charge) => charge.captured).filter((amount) => amount !== null);
  const paid = captured.length > 0 && captured.length === charges.length
    ? captured.reduce((total, amount) => total + amount, 0)
    : price;
  return refunded > 0 && paid !== null && refunded >= paid;
}
