// What a subscription looked like at one moment: the only part of a purchase that may be stale, so
// that it is one register, replaced as a whole. Pure.

import { type Latest, latest } from "./lattice.ts";
import type { Line } from "./purchase.ts";

/**
 * Stripe's statuses, in the order that decides between two snapshots of one second: the usable one
 * counts, as the money bounds it anyway, and an end is an end.
 */
export const subscriptionStatuses = [
  "paused",
  "unpaid",
  "past_due",
  "incomplete",
  "trialing",
  "active",
  "incomplete_expired",
  "canceled",
] as const;
export type SubscriptionStatus = typeof subscriptionStatuses[number];

/** A subscription item. */
export type SnapshotItem = {
  readonly line: Line;
  /** Unix seconds; null: not said. It is visible before the money is there. */
  readonly currentPeriodEnd: number | null;
};

/** A subscription as Stripe showed it. */
export type Snapshot = {
  readonly status: SubscriptionStatus;
  /** By subscription item id, `si_…`. */
  readonly items: Readonly<Record<string, SnapshotItem>>;
  /** Stripe listed only the first of its items: what is not there may be all the same. */
  readonly isPartial: boolean;
};

/** The newer one. */
export function newerSnapshot(a: Latest<Snapshot>, b: Latest<Snapshot>): Latest<Snapshot> {
  return latest(a, b, ({ status }) => subscriptionStatuses.indexOf(status));
}
