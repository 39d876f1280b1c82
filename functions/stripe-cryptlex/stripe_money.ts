// Charges, refunds and disputes, as far as they matter here. Decides nothing.

import { z } from "zod";
import { disputeStatuses } from "./disputes.ts";
import { id, optional, optionalReference, unixSeconds, whole } from "./stripe_fields.ts";

/** How Stripe's statuses of a refund count (docs.stripe.com/api/refunds/object). */
const refundStatuses = {
  pending: "pending",
  requires_action: "pending",
  succeeded: "succeeded",
  failed: "failed",
  // Called off before it was carried out: the money stays.
  canceled: "failed",
} as const;

/** Null, as Stripe allows, says nothing yet. */
const refundStatus = z.enum(["pending", "requires_action", "succeeded", "failed", "canceled"])
  .nullable().transform((status) => refundStatuses[status ?? "pending"]);

/** A refund as a charge lists it. */
const listedRefund = z.object({ id: id(), amount: whole, status: refundStatus });

/** A refund. */
export const refund = listedRefund.extend({
  payment_intent: optionalReference("pi_"),
  // Since API version 2026-07-29.
  customer: optionalReference("cus_"),
});

/** A charge. `invoice`: before Basil; `refunds`: before 2022-11-15, unless asked for. */
export const charge = z.object({
  id: id(),
  amount_captured: optional(whole),
  amount_refunded: whole,
  payment_intent: optionalReference("pi_"),
  invoice: optionalReference("in_"),
  customer: optionalReference("cus_"),
  refunds: z.object({ data: z.array(listedRefund) }).nullish(),
});

/** A dispute. */
export const dispute = z.object({
  id: id(),
  status: z.enum(disputeStatuses).exclude(["funds_reinstated"]),
  created: unixSeconds,
  payment_intent: optionalReference("pi_"),
});

/** A warning of fraud: only told of, so nothing must be there. */
export const fraudWarning = z.object({
  payment_intent: optionalReference("pi_").catch(null),
}).catch({ payment_intent: null });

export type Refund = z.infer<typeof refund>;
export type Charge = z.infer<typeof charge>;
export type Dispute = z.infer<typeof dispute>;
export type FraudWarning = z.infer<typeof fraudWarning>;
