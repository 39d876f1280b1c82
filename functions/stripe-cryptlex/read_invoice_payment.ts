// What ties a payment to an invoice -> a link: since API version 2025-03-31 a charge, a refund or a
// dispute no longer names its invoice. Reads; does not decide.

import { nothing } from "./purchase.ts";
import type { Reading } from "./reading.ts";
import type { InvoicePayment } from "./stripe_invoice.ts";

/** The link in an `invoice_payment.paid` event. */
export function readInvoicePayment({ invoice, payment }: InvoicePayment): Reading {
  const intent = payment?.payment_intent ?? null;
  if (intent === null) {
    return { kind: "ignored", reason: "this invoice was paid without a payment intent" };
  }
  return {
    kind: "facts",
    stripeIds: [intent, invoice],
    customerId: null,
    opensSale: false,
    facts: nothing,
  };
}
