// Writes a refund as Stripe's `refund` object, the same in both payload shapes.
import type Stripe from "stripe";
import type { StripeAccount } from "./stripe_account.ts";
import type { Wire } from "./stripe_wire.ts";
import { unixTime } from "./unix_time.ts";

export type RefundStatus = "pending" | "requires_action" | "succeeded" | "failed" | "canceled";

export type RefundState = {
  status: RefundStatus;
  /** Absent from the payload unless it failed. */
  failureReason: string | null;
};

export function refundObject(
  account: StripeAccount,
  refund: {
    id: string;
    amount: number;
    charge: string;
    paymentIntent: string;
    at: Date;
    reason: "duplicate" | "fraudulent" | "requested_by_customer" | null;
    state: RefundState;
  },
): Record<string, unknown> {
  const { failureReason, status } = refund.state;
  return {
    id: refund.id,
    object: "refund",
    amount: refund.amount,
    balance_transaction: account.ids.of("txn", refund.id),
    charge: refund.charge,
    created: unixTime(refund.at),
    currency: "usd",
    ...(failureReason === null ? {} : {
      failure_balance_transaction: account.ids.of("txn", `${refund.id} failure`),
      failure_reason: failureReason,
    }),
    metadata: {},
    payment_intent: refund.paymentIntent,
    reason: refund.reason,
    receipt_number: null,
    source_transfer_reversal: null,
    status,
    transfer_reversal: null,
  } satisfies Wire<Stripe.Refund>;
}
