// Writes a dispute as Stripe's `dispute` object, the same in both payload shapes.
import type Stripe from "stripe";
import type { StripeAccount } from "./stripe_account.ts";
import type { Wire } from "./stripe_wire.ts";
import { DAY, later, unixTime } from "./unix_time.ts";

export type DisputeStatus =
  | "lost"
  | "needs_response"
  | "prevented"
  | "under_review"
  | "warning_closed"
  | "warning_needs_response"
  | "warning_under_review"
  | "won";

/** How long the merchant may answer. */
const ANSWER_TIME = 9 * DAY;

export function disputeObject(
  account: StripeAccount,
  dispute: {
    id: string;
    amount: number;
    charge: string;
    paymentIntent: string;
    at: Date;
    reason: string;
    status: DisputeStatus;
  },
): Record<string, unknown> {
  const isInquiry = dispute.status.startsWith("warning_");
  return {
    id: dispute.id,
    object: "dispute",
    amount: dispute.amount,
    balance_transactions: [],
    charge: dispute.charge,
    created: unixTime(dispute.at),
    currency: "usd",
    enhanced_eligibility_types: [],
    evidence: {},
    evidence_details: {
      due_by: unixTime(later(dispute.at, ANSWER_TIME)),
      enhanced_eligibility: {},
      has_evidence: false,
      past_due: false,
      submission_count: 0,
    },
    is_charge_refundable: isInquiry,
    livemode: account.livemode,
    metadata: {},
    payment_intent: dispute.paymentIntent,
    payment_method_details: {
      card: { brand: "visa", case_type: isInquiry ? "inquiry" : "chargeback" },
      type: "card",
    },
    reason: dispute.reason,
    status: dispute.status,
  } satisfies Wire<Stripe.Dispute>;
}
