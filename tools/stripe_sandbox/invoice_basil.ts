// Where invoices keep the subscription, the item and the price since API version 2025-03-31
// (`basil`): under `parent` and `pricing`. Checked by the compiler against stripe-node's types.
import type Stripe from "stripe";
import { type InvoiceFacts, invoiceItemId, type InvoiceLine } from "./invoice_facts.ts";
import type { Wire } from "./stripe_wire.ts";

/**
 * The PaymentIntent is not here: `payments` comes only to those who ask for it, which events
 * cannot.
 */
export function basilInvoiceFields(invoice: InvoiceFacts): Wire<Stripe.Invoice> {
  return {
    amount_overpaid: 0,
    parent: invoice.subscription && {
      quote_details: null,
      subscription_details: {
        metadata: invoice.subscription.metadata,
        subscription: invoice.subscription.id,
      },
      type: "subscription_details",
    },
    total_taxes: [],
  };
}

/** The types also name a `subscription` on the line; delivered events do not have it. */
export function basilLineFields(line: InvoiceLine): Wire<Stripe.InvoiceLineItem> {
  return {
    parent: lineParent(line),
    pricing: {
      price_details: { price: line.price.id, product: line.price.product },
      type: "price_details",
      unit_amount_decimal: String(line.price.amount),
    },
    taxes: [],
  };
}

function lineParent(line: InvoiceLine): Wire<Stripe.InvoiceLineItem.Parent> {
  const proration_details = { credited_items: null };
  if (!line.item) {
    return {
      invoice_item_details: {
        invoice_item: invoiceItemId(line),
        proration: false,
        proration_details,
        subscription: null,
      },
      subscription_item_details: null,
      type: "invoice_item_details",
    };
  }
  return {
    invoice_item_details: null,
    subscription_item_details: {
      invoice_item: line.item.proration ? invoiceItemId(line) : null,
      proration: line.item.proration,
      proration_details,
      subscription: line.item.subscription,
      subscription_item: line.item.subscriptionItem,
    },
    type: "subscription_item_details",
  };
}
