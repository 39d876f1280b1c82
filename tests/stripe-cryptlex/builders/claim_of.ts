// A claim as the ledger gives it.

import type { Claim, ClaimedEvent } from "../../../functions/stripe-cryptlex/claim.ts";

/** The ledger's clock when everything here was claimed. */
export const claimedAt = new Date("2026-11-02T10:00:00Z");

/** A claim of `sub_1` with one fresh event that opens a sale, and nothing known before. */
export function claimOf(changed: Partial<Claim> = {}): Claim {
  return {
    purchaseId: "sub_1",
    token: "token-1",
    claimedAt,
    mustRead: false,
    looksAgain: false,
    charged: { half: "fresh", calls: 2 },
    replays: 0,
    attempts: 0,
    states: [],
    joinedIds: [],
    events: [eventOf()],
    licenses: [],
    customer: null,
    hasPlans: false,
    plans: [],
    ...changed,
  };
}

export function eventOf(changed: Partial<ClaimedEvent> = {}): ClaimedEvent {
  return {
    eventId: "evt_1",
    eventType: "checkout.session.completed",
    status: "pending",
    opensSale: true,
    createdAt: new Date(claimedAt.getTime() - 1000),
    ...changed,
  };
}
