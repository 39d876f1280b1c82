// What the ledger tells of a purchase, for tests of what is made of it.

import type { Claim } from "../../../functions/stripe-cryptlex/claim.ts";
import type { Purchase } from "../../../functions/stripe-cryptlex/purchase.ts";
import type {
  Detail,
  LedgerNow,
  MadeCall,
  ToldEvent,
} from "../../../tools/explain/explain_door.ts";
import { claimOf } from "../../stripe-cryptlex/builders/claim_of.ts";
import { purchaseWith, said } from "../../stripe-cryptlex/builders/purchase_with.ts";

/** The ledger's clock when it was asked. */
export const now = new Date("2026-11-02T12:00:00Z");

/** So many minutes after that. */
export const later = (minutes: number): Date => new Date(now.getTime() + minutes * 60_000);

export function ledgerNow(changed: Partial<LedgerNow> = {}): LedgerNow {
  return {
    now,
    pausedUntil: null,
    tokenRefusedSince: null,
    stripeRefusedSince: null,
    ...changed,
  };
}

/** An `invoice.paid` that was settled, two hours ago. */
export function toldEvent(changed: Partial<ToldEvent> = {}): ToldEvent {
  return {
    eventId: "evt_1",
    eventType: "invoice.paid",
    status: "applied",
    outcome: "license license-1 created, until 2026-12-05",
    lastError: null,
    attempts: 1,
    nextAttemptAt: null,
    held: false,
    livemode: false,
    isRead: true,
    hasPayload: true,
    eventCreatedAt: later(-121),
    receivedAt: later(-120),
    statusSince: null,
    settledAt: later(-120),
    ...changed,
  };
}

/** An event of the purchase that is not settled. */
export function unsettled(
  status: "pending" | "parked",
  lastError: string | null,
  changed: Partial<ToldEvent> = {},
): ToldEvent {
  return toldEvent({ status, lastError, outcome: null, settledAt: null, ...changed });
}

export function madeCall(changed: Partial<MadeCall> = {}): MadeCall {
  return {
    actedAt: later(-120),
    action: "create_license",
    licenseId: "license-1",
    status: 201,
    ms: 120,
    error: null,
    eventIds: ["evt_1"],
    ...changed,
  };
}

/** `sub_1` of `cus_1`, with one settled event and nothing due, unless told otherwise. */
export function detailOf(
  { purchase = {}, claim = {}, events = [toldEvent()], actions = [], ...changed }:
    & Partial<Omit<Detail, "claim" | "events" | "actions">>
    & {
      purchase?: Partial<Purchase>;
      claim?: Partial<Claim>;
      events?: readonly ToldEvent[];
      actions?: readonly MadeCall[];
    } = {},
): Detail {
  const state = purchaseWith({
    email: said("ada@example.com"),
    subscriptionTerms: said(null),
    ...purchase,
  });
  return {
    claim: claimOf({ states: [state], events: [], ...claim }),
    customerId: "cus_1",
    createdAt: later(-120),
    attempts: 0,
    lastError: null,
    nextAttemptAt: null,
    notBefore: null,
    leaseUntil: null,
    lookAgainAt: null,
    events: { total: events.length, rows: [...events] },
    actions: { total: actions.length, rows: [...actions] },
    ...changed,
  };
}
