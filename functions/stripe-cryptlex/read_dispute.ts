// A dispute -> facts. Reads; does not decide.

import { nothing } from "./purchase.ts";
import type { Reading, Stamp } from "./reading.ts";
import type { Dispute } from "./stripe_money.ts";

/** The facts in a `charge.dispute.…` event of the given type. */
export function readDispute(dispute: Dispute, _stamp: Stamp, type: string): Reading {
  const { id, created, payment_intent } = dispute;
  if (payment_intent === null) {
    return { kind: "ignored", reason: "this dispute belongs to no payment intent" };
  }
  const status = type === "charge.dispute.funds_reinstated" ? "funds_reinstated" : dispute.status;
  return {
    kind: "facts",
    stripeIds: [payment_intent],
    customerId: null,
    opensSale: false,
    facts: { ...nothing, disputes: Object.fromEntries([[id, { status, createdAt: created }]]) },
  };
}
