// A paid invoice -> facts: what was paid for, and through when. Reads; does not decide.

import { type Item, nothing } from "./purchase.ts";
import { readBuyer } from "./read_buyer.ts";
import { lineOfInvoice, soldBy, subscriptionItems } from "./read_invoice_lines.ts";
import { catalogTermsOf } from "./read_price.ts";
import type { Reading, Stamp } from "./reading.ts";
import type { Invoice } from "./stripe_invoice.ts";
import { readTerms } from "./terms.ts";

/** The facts in an `invoice.paid` event. */
export function readInvoice(invoice: Invoice, stamp: Stamp): Reading {
  const { customer, customer_email: email, customer_name: name } = invoice;
  const details = invoice.parent?.subscription_details;
  const subscription = details?.subscription ?? invoice.subscription;
  const subscriptionTerms = subscription === null
    ? null
    : readTerms(details?.metadata ?? invoice.subscription_details?.metadata ?? null);
  const ids = [subscription, invoice.payment_intent, invoice.id];
  return {
    kind: "facts",
    stripeIds: ids.filter((id) => id !== null),
    customerId: customer,
    opensSale: invoice.billing_reason === "subscription_create",
    facts: {
      ...nothing,
      ...readBuyer({ customer, email, name }, stamp),
      subscriptionTerms: subscription === null ? null : { value: subscriptionTerms, ...stamp },
      invoiceTerms: subscription === null ? { value: readTerms(invoice.metadata), ...stamp } : null,
      catalogTerms: catalogTermsOf(invoice.lines.data.map(soldBy), stamp),
      items: subscription === null
        ? invoiceItems(invoice, stamp)
        : subscriptionItems(invoice, { stamp, subscriptionTerms }),
    },
  };
}

/** Every line of a one-off invoice that was charged. It buys no period. */
function invoiceItems(invoice: Invoice, stamp: Stamp): Record<string, Item> {
  const charged = invoice.lines.data.filter((line) => line.amount >= 0);
  return Object.fromEntries(charged.map((line) => [line.id, {
    paidThrough: null,
    paidFrom: null,
    line: {
      value: lineOfInvoice(line, readTerms(line.metadata)),
      at: invoice.created,
      by: stamp.by,
    },
  }]));
}
