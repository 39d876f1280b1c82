// A paid invoice -> facts: what was paid for, and through when. Reads; does not decide.

import type { CutInvoice } from "./cut_invoices.ts";
import { nothing } from "./purchase.ts";
import { readBuyer } from "./read_buyer.ts";
import { readInvoiceLines, soldBy } from "./read_invoice_lines.ts";
import { catalogTermsOf } from "./read_price.ts";
import type { Reading, Stamp } from "./reading.ts";
import type { Invoice } from "./stripe_invoice.ts";
import { readTerms } from "./read_terms.ts";

/** The facts in an `invoice.paid` event. */
export function readInvoice(invoice: Invoice, stamp: Stamp): Reading {
  const { customer, customer_email: email, customer_name: name, lines, amount_paid: paid } =
    invoice;
  const buyer = readBuyer({ customer, email, name }, stamp);
  const details = invoice.parent?.subscription_details;
  const subscription = details?.subscription ?? invoice.subscription;
  const subscriptionTerms = subscription === null
    ? null
    : readTerms(details?.metadata ?? invoice.subscription_details?.metadata ?? null);
  const ids = [subscription, invoice.payment_intent, invoice.id];
  const cut: CutInvoice = {
    created: invoice.created,
    billedThrough: subscription === null ? null : invoice.period_end,
    subscriptionTerms,
    isListed: false,
  };
  return {
    kind: "facts",
    stripeIds: ids.filter((id) => id !== null),
    customerId: customer,
    opensSale: invoice.billing_reason === "subscription_create",
    facts: {
      ...nothing,
      ...buyer,
      name: buyer.name && { ...buyer.name, billed: true },
      subscriptionTerms: subscription === null ? null : { value: subscriptionTerms, ...stamp },
      invoiceTerms: subscription === null ? { value: readTerms(invoice.metadata), ...stamp } : null,
      catalogTerms: catalogTermsOf(lines.data.map(soldBy), stamp),
      ...readInvoiceLines(lines.data, {
        created: invoice.created,
        by: stamp.by,
        isSubscription: subscription !== null,
        subscriptionTerms,
      }),
      cutInvoices: lines.has_more ? { [invoice.id]: cut } : {},
      invoicesPaid: subscription === null && paid !== null ? { [invoice.id]: paid } : {},
    },
  };
}
