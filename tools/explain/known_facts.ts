// What is known of a purchase, without what nobody asked for: its merged state as facts. Pure.

import { refundedAmount } from "../../functions/stripe-cryptlex/charges.ts";
import type { DisputeStatus } from "../../functions/stripe-cryptlex/disputes.ts";
import { presentItems } from "../../functions/stripe-cryptlex/present_items.ts";
import type { Payment, Purchase } from "../../functions/stripe-cryptlex/purchase.ts";
import type { SubscriptionStatus } from "../../functions/stripe-cryptlex/subscription_snapshot.ts";

export type KnownFacts = {
  readonly email: string | null;
  /** The customer was deleted in Stripe, and forgotten here. */
  readonly erased: boolean;
  readonly sessions: readonly { readonly sessionId: string; readonly payment: Payment }[];
  /** What it consists of now. */
  readonly items: readonly {
    readonly itemId: string;
    readonly priceId: string | null;
    readonly productId: string | null;
    readonly quantity: number | null;
    /** Trial included; null: no paid period is known. */
    readonly paidThrough: Date | null;
  }[];
  readonly trialThrough: Date | null;
  /** The subscription's, as Stripe last showed it. */
  readonly status: SubscriptionStatus | null;
  readonly statusAsOf: Date | null;
  readonly ended: boolean;
  /** By payment, in the currency's smallest unit. */
  readonly refunds: readonly {
    readonly paymentId: string;
    readonly refunded: number;
    readonly captured: number | null;
  }[];
  readonly disputes: readonly {
    readonly disputeId: string;
    readonly status: DisputeStatus;
    readonly openedAt: Date;
  }[];
};

export function knownFacts(purchase: Purchase): KnownFacts {
  const { subscription, sessions, charges, disputes } = purchase;
  return {
    email: purchase.email?.value ?? null,
    erased: purchase.erased,
    sessions: inOrder(sessions).map(([sessionId, { payment }]) => ({ sessionId, payment })),
    items: presentItems(purchase).map(({ itemId, line, paidThrough }) => ({
      itemId,
      priceId: line.priceId,
      productId: line.productId,
      quantity: line.quantity,
      paidThrough: moment(paidThrough),
    })),
    trialThrough: moment(purchase.trialThrough),
    status: subscription?.value.status ?? null,
    statusAsOf: moment(subscription?.at ?? null),
    ended: purchase.ended,
    refunds: inOrder(charges)
      .map(([paymentId, charge]) => ({
        paymentId,
        refunded: refundedAmount(charge),
        captured: charge.captured,
      }))
      .filter(({ refunded }) => refunded > 0),
    disputes: inOrder(disputes).map(([disputeId, { status, createdAt }]) => ({
      disputeId,
      status,
      openedAt: new Date(createdAt * 1000),
    })),
  };
}

function inOrder<T>(byId: Readonly<Record<string, T>>): [string, T][] {
  return Object.entries(byId).sort(([a], [b]) => (a < b ? -1 : 1));
}

function moment(unixSeconds: number | null): Date | null {
  return unixSeconds === null ? null : new Date(unixSeconds * 1000);
}
