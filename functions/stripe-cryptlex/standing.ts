// Whether a purchase may have its licenses, and why not: the end, what is unpaid, what went back, what
// is disputed. Pure.

import { isRefunded, type Price, refundedAmount } from "./charges.ts";
import { stageOf } from "./disputes.ts";
import { owedPeriods } from "./owed_periods.ts";
import type { Policy } from "./policy.ts";
import type { Purchase } from "./purchase.ts";

/** Reasons, each a clause for people; a license is suspended or revoked while there is any. */
export type Standing = {
  readonly revokes: readonly string[];
  readonly suspends: readonly string[];
  /** Nothing is owed any more: no license is made. */
  readonly isOver: boolean;
  /** What people are to know when money goes back. */
  readonly reports: readonly string[];
};

/** Only money entitles: a session paid or free, a paid line, shown or not, a trial. */
export function isEntitled(purchase: Purchase): boolean {
  return Object.keys(purchase.items).length > 0 || purchase.trialThrough !== null ||
    Object.values(purchase.sessions).some((session) => session.payment === "paid") ||
    owedPeriods(purchase).length > 0;
}

/** How the purchase stands, by what is known of it and the merchant's policy. */
export function standingOf(purchase: Purchase, purchaseId: string, policy: Policy): Standing {
  const isSubscription = purchaseId.startsWith("sub_");
  const reasons: Record<"revoke" | "suspend", string[]> = { revoke: [], suspend: [] };
  const reports: string[] = [];

  const { onCancel, onRefund, onDispute } = policy;
  if (purchase.ended && onCancel !== "expire") {
    reasons[onCancel].push("the subscription has ended");
  }
  const status = purchase.subscription?.value.status;
  if (status === "unpaid" || status === "paused") {
    reasons.suspend.push(`the subscription is ${status}`);
  }
  const charges = Object.values(purchase.charges);
  if (isSubscription) {
    if (charges.some((charge) => isRefunded([charge], onePayment))) {
      reports.push("a payment was refunded: cancel the subscription to end the license");
    }
  } else if (isRefunded(charges, priceOf(purchase))) {
    if (onRefund !== "ignore") reasons[onRefund].push("the payment was refunded in full");
  } else if (charges.some((charge) => refundedAmount(charge) > 0)) {
    reports.push("refunded in part: the license stays");
  }
  if (onDispute !== "ignore") {
    for (const [disputeId, dispute] of Object.entries(purchase.disputes)) {
      const stage = stageOf(dispute);
      if (stage === "open") reasons[onDispute].push(`dispute ${disputeId} is open`);
      else if (stage === "lost" && !isSubscription) {
        reasons.revoke.push(`dispute ${disputeId} was lost`);
      } else if (stage === "lost" && !hasPaidSince(purchase, dispute.createdAt)) {
        reasons[onDispute].push(`dispute ${disputeId} was lost, and nothing was paid since`);
      }
    }
  }
  return {
    revokes: reasons.revoke,
    suspends: reasons.suspend,
    isOver: purchase.ended && onCancel !== "expire",
    reports,
  };
}

const onePayment: Price = { asked: null, payments: 1, invoiced: null };

/** What it cost: by what was paid of its invoices, or by the sessions, each one payment. */
function priceOf({ sessions, invoicesPaid }: Purchase): Price {
  const paid = Object.values(sessions).filter(({ payment, amountTotal }) =>
    payment === "paid" && amountTotal !== 0
  );
  const totals = paid.map((session) => session.amountTotal).filter((total) => total !== null);
  const invoices = Object.values(invoicesPaid);
  const sum = (amounts: readonly number[]) =>
    amounts.length === 0 ? null : amounts.reduce((total, amount) => total + amount, 0);
  return { asked: sum(totals), payments: paid.length, invoiced: sum(invoices) };
}

/** Whether a period was paid that began after that moment, Unix seconds. */
function hasPaidSince({ items, cutInvoices }: Purchase, at: number): boolean {
  return Object.values(items).some(({ paidFrom }) => paidFrom !== null && paidFrom > at) ||
    Object.values(cutInvoices).some(({ billedThrough }) => (billedThrough ?? 0) > at);
}
