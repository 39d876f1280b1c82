// Disputes about a purchase's payments, and how far each has come. Pure.

import { higher, withUnknown } from "./lattice.ts";

/**
 * Stripe's statuses (docs.stripe.com/api/disputes/object), and `funds_reinstated` for the event of
 * that name: the money is back, whatever the status says.
 */
export const disputeStatuses = [
  "warning_needs_response",
  "warning_under_review",
  "needs_response",
  "under_review",
  "lost",
  "appeal_needs_response",
  "appeal_under_review",
  "won",
  "prevented",
  "warning_closed",
  "funds_reinstated",
] as const;
export type DisputeStatus = typeof disputeStatuses[number];

/** What a status means for the license. */
export type DisputeStage = "inquiry" | "open" | "lost" | "over";

const stages: Record<DisputeStatus, DisputeStage> = {
  warning_needs_response: "inquiry",
  warning_under_review: "inquiry",
  needs_response: "open",
  under_review: "open",
  lost: "lost",
  // The money is still gone, and comes back by winning.
  appeal_needs_response: "lost",
  appeal_under_review: "lost",
  won: "over",
  prevented: "over",
  warning_closed: "over",
  funds_reinstated: "over",
};

/** A dispute, inquiries included. */
export type Dispute = {
  readonly status: DisputeStatus;
  /** Unix seconds, Stripe's. */
  readonly createdAt: number;
};

/** How far it has come. */
export function stageOf({ status }: Dispute): DisputeStage {
  return stages[status];
}

/** The one that has come further. */
export function mergeDispute(a: Dispute, b: Dispute): Dispute {
  const { status } = higher(a, b, (dispute) => disputeStatuses.indexOf(dispute.status));
  return withUnknown(a, b, { status, createdAt: Math.max(a.createdAt, b.createdAt) });
}
