// Where invoices kept the subscription, the item and the price before API version 2025-03-31: on
// the invoice and on the line themselves. Stripe's current types no longer know these fields.
import { type InvoiceFacts, invoiceItemId, type InvoiceLine } from "./invoice_facts.ts";
import { planObject, priceObject } from "./price_object.ts";
import type { StripeAccount } from "./stripe_account.ts";

export function acaciaInvoiceFields(
  account: StripeAccount,
  invoice: InvoiceFacts,
): Record<string, unknown> {
  return {
    application_fee_amount: null,
    charge: invoice.paymentIntent && account.ids.of("ch", invoice.paymentIntent),
    discount: null,
    paid: invoice.collection.status === "paid",
    paid_out_of_band: false,
    payment_intent: invoice.paymentIntent,
    quote: null,
    subscription: invoice.subscription?.id ?? null,
    subscription_details: { metadata: invoice.subscription?.metadata ?? null },
    tax: null,
    total_tax_amounts: [],
    transfer_data: null,
  };
}

export function acaciaLineFields(
  account: StripeAccount,
  line: InvoiceLine,
): Record<string, unknown> {
  // Prorations are invoice items too, although they carry a subscription item.
  const isInvoiceItem = line.item?.proration ?? true;
  return {
    amount_excluding_tax: line.amount,
    ...(isInvoiceItem ? { invoice_item: invoiceItemId(line) } : {}),
    plan: planObject(account, line.price),
    price: priceObject(account, line.price),
    proration: line.item?.proration ?? false,
    proration_details: { credited_items: null },
    subscription: line.item?.subscription ?? null,
    ...(line.item ? { subscription_item: line.item.subscriptionItem } : {}),
    tax_amounts: [],
    tax_rates: [],
    type: isInvoiceItem ? "invoiceitem" : "subscription",
    unit_amount_excluding_tax: String(line.price.amount),
  };
}
