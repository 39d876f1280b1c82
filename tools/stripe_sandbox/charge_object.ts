// Writes a charge as Stripe's `charge` object.
import type Stripe from "stripe";
import type { PaymentFacts } from "./payment.ts";
import type { StripeAccount } from "./stripe_account.ts";
import type { Wire } from "./stripe_wire.ts";
import { unixTime } from "./unix_time.ts";

export type ChargeFacts = PaymentFacts & {
  /** `ch_…`. */
  id: string;
  /** Cents given back so far. */
  refunded: number;
  disputed: boolean;
};

/** A succeeded charge, in the account's payload shape: only before `basil` it names its invoice. */
export function chargeObject(
  account: StripeAccount,
  charge: ChargeFacts,
): Record<string, unknown> {
  return {
    id: charge.id,
    object: "charge",
    amount: charge.amount,
    amount_captured: charge.amount,
    amount_refunded: charge.refunded,
    application: null,
    application_fee: null,
    application_fee_amount: null,
    balance_transaction: account.ids.of("txn", charge.id),
    billing_details: {
      address: null,
      email: charge.email,
      name: charge.name,
      phone: null,
      tax_id: null,
    },
    calculated_statement_descriptor: "SANDBOX SOFTWARE",
    captured: true,
    created: unixTime(charge.paidAt),
    currency: "usd",
    customer: charge.customer,
    description: null,
    disputed: charge.disputed,
    failure_balance_transaction: null,
    failure_code: null,
    failure_message: null,
    fraud_details: {},
    ...(account.shape === "acacia" ? { invoice: charge.invoice } : {}),
    livemode: account.livemode,
    metadata: {},
    on_behalf_of: null,
    outcome: {
      advice_code: null,
      network_advice_code: null,
      network_decline_code: null,
      network_status: "approved_by_network",
      reason: null,
      risk_level: "normal",
      seller_message: "Payment complete.",
      type: "authorized",
    },
    paid: true,
    payment_intent: charge.paymentIntent,
    payment_method: account.ids.of("pm", charge.id),
    payment_method_details: null,
    receipt_email: null,
    receipt_number: null,
    receipt_url: null,
    refunded: charge.refunded === charge.amount,
    review: null,
    shipping: null,
    source: null,
    source_transfer: null,
    statement_descriptor: null,
    statement_descriptor_suffix: null,
    status: "succeeded",
    transfer_data: null,
    transfer_group: null,
  } satisfies Wire<Stripe.Charge> & { invoice?: string | null };
}
