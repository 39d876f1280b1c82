// Writes what joins an invoice to its payment as Stripe's `invoice_payment` object.
import type Stripe from "stripe";
import type { PaymentFacts } from "./payment.ts";
import type { StripeAccount } from "./stripe_account.ts";
import type { Wire } from "./stripe_wire.ts";
import { unixTime } from "./unix_time.ts";

export function invoicePaymentObject(
  account: StripeAccount,
  payment: Pick<PaymentFacts, "paymentIntent" | "amount" | "paidAt"> & { invoice: string },
): Record<string, unknown> {
  const paidAt = unixTime(payment.paidAt);
  return {
    id: account.ids.of("inpay", payment.paymentIntent),
    object: "invoice_payment",
    amount_paid: payment.amount,
    amount_requested: payment.amount,
    created: paidAt,
    currency: "usd",
    invoice: payment.invoice,
    is_default: true,
    livemode: account.livemode,
    payment: { payment_intent: payment.paymentIntent, type: "payment_intent" },
    status: "paid",
    status_transitions: { canceled_at: null, paid_at: paidAt },
  } satisfies Wire<Stripe.InvoicePayment>;
}
