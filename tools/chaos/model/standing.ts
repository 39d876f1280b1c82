// Whether a purchase may use what it bought: paid for, not over, not suspended, not given back, not
// disputed; as the merchant chose. Pure.

import type { ChaosPolicy } from "../merchant.ts";
import { newestSnapshot, owedPeriods, paidLines } from "./present_items.ts";
import type { Told, ToldDispute } from "./told.ts";

/** Money came, none was asked for, or a trial runs. */
export function isEntitled(of: readonly Told[]): boolean {
  return of.some(({ session, snapshot }) =>
    session?.isPaid || (snapshot?.trialEnd ?? null) !== null
  ) ||
    paidLines(of).length > 0 || owedPeriods(of).length > 0;
}

/** What decides besides what was told. */
export type StandingOptions = ChaosPolicy & { readonly isSubscription: boolean };

/** Whether nothing stands against its use. */
export function mayBeUsed(of: readonly Told[], options: StandingOptions): boolean {
  const { isSubscription, onCancel, onRefund, onDispute } = options;
  const status = newestSnapshot(of)?.status;
  const isOver = onCancel !== "expire" && of.some(({ snapshot }) => snapshot?.isOver);
  const isGivenBack = onRefund !== "ignore" && !isSubscription && isRefunded(of);
  const isDisputed = onDispute !== "ignore" &&
    disputesOf(of).some((dispute) => standsAgainst(dispute, { of, isSubscription }));
  return !isOver && status !== "unpaid" && status !== "paused" && !isGivenBack && !isDisputed;
}

function isRefunded(of: readonly Told[]): boolean {
  const refunds = byProgress(of, ({ refund }) => refund, ["pending", "succeeded", "failed"]);
  const sum = (status: string) =>
    refunds.filter((one) => one.status === status).reduce((total, one) => total + one.amount, 0);
  const charges = of.map(({ charge }) => charge).filter((charge) => charge !== undefined);
  const seen = Math.max(0, ...charges.map(({ refunded }) => refunded));
  const back = Math.max(sum("succeeded"), seen - sum("failed"));
  const captured = charges[0]?.captured ?? null;
  const asked = of.find(({ session }) => session)?.session?.total ?? null;
  const invoiced = invoicedInAll(of);
  const paid = invoiced === null ? captured ?? asked : Math.max(invoiced, captured ?? 0);
  return back > 0 && paid !== null && back >= paid;
}

/** What was paid of invoices that bill no subscription; null: there is none. */
function invoicedInAll(of: readonly Told[]): number | null {
  const paid = new Map<string, number>();
  for (const { invoice } of of) if (invoice?.isOneOff) paid.set(invoice.id, invoice.paid);
  return paid.size === 0 ? null : paid.values().reduce((total, amount) => total + amount, 0);
}

/** How far a dispute can come; from `won` on it is over. */
const disputeStatuses = [
  ...["warning_needs_response", "warning_under_review", "needs_response", "under_review", "lost"],
  ...["won", "prevented", "warning_closed", "funds_reinstated"],
];

function disputesOf(of: readonly Told[]): ToldDispute[] {
  return byProgress(of, ({ dispute }) => dispute, disputeStatuses);
}

/** A lost one stands against a subscription until a time is paid that begins after it. */
function standsAgainst(
  { status, createdAt }: ToldDispute,
  { of, isSubscription }: { of: readonly Told[]; isSubscription: boolean },
): boolean {
  if (status !== "lost") return status === "needs_response" || status === "under_review";
  const isPaidSince = paidLines(of).some(({ from }) => (from ?? 0) > createdAt) ||
    of.some(({ invoice }) => (invoice?.cutAt ?? 0) > createdAt);
  return !isSubscription || !isPaidSince;
}

/** Of each thing told of what came furthest. */
function byProgress<T extends { readonly id: string; readonly status: string }>(
  of: readonly Told[],
  read: (told: Told) => T | undefined,
  statuses: readonly string[],
): T[] {
  const furthest = new Map<string, T>();
  for (const one of of.map(read)) {
    if (one === undefined) continue;
    const known = furthest.get(one.id);
    const isFurther = known === undefined ||
      statuses.indexOf(one.status) > statuses.indexOf(known.status);
    if (isFurther) furthest.set(one.id, one);
  }
  return [...furthest.values()];
}
