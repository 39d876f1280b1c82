// Invoices and their payments, as far as they matter here. Decides nothing.

import { z } from "zod";
import {
  id,
  metadata,
  optional,
  optionalReference,
  reference,
  text,
  unixSeconds,
  whole,
} from "./stripe_fields.ts";
import { optionalPrice, optionalProduct } from "./stripe_price.ts";

const period = z.object({ start: unixSeconds, end: unixSeconds });

/** One line of an invoice. `price`, `subscription_item`, `proration`: before Basil. */
const invoiceLine = z.object({
  id: id(),
  amount: z.number(),
  quantity: optional(whole),
  period,
  metadata,
  proration: z.boolean().nullish(),
  price: optionalPrice,
  subscription_item: optionalReference("si_"),
  pricing: z.object({
    price_details: z.object({ price: optionalPrice, product: optionalProduct }).nullish(),
  }).nullish(),
  parent: z.object({
    subscription_item_details: z.object({
      subscription_item: optionalReference("si_"),
      proration: z.boolean().nullish(),
    }).nullish(),
  }).nullish(),
});

/** All the lines of an invoice, as listed for it. */
export const invoiceLines = z.array(invoiceLine);

/** `subscription`, `subscription_details`, `payment_intent`: before Basil. */
export const invoice = z.object({
  id: id("in_"),
  billing_reason: z.string().nullish(),
  created: unixSeconds,
  // All of it, by however many payments.
  amount_paid: optional(whole),
  customer: optionalReference("cus_"),
  customer_email: text,
  customer_name: text,
  metadata,
  lines: z.object({ data: invoiceLines, has_more: z.boolean().nullish() }),
  // Only where lines are left out it matters.
  period_end: unixSeconds.nullable().catch(null),
  subscription: optionalReference("sub_"),
  subscription_details: z.object({ metadata }).nullish(),
  payment_intent: optionalReference("pi_"),
  parent: z.object({
    subscription_details: z.object({ subscription: reference("sub_"), metadata }).nullish(),
  }).nullish(),
});

/** An invoice that could not be paid: only told of, so nothing must be there. */
export const failedInvoice = z.object({
  id: id("in_").nullable().catch(null),
  subscription: optionalReference("sub_").catch(null),
  parent: z.object({
    subscription_details: z.object({ subscription: reference("sub_") }).nullish(),
  }).nullish().catch(null),
  attempt_count: whole.nullable().catch(null),
  next_payment_attempt: unixSeconds.nullable().catch(null),
});

/** What ties a payment to an invoice, since Basil. */
export const invoicePayment = z.object({
  invoice: reference("in_"),
  payment: z.object({ payment_intent: optionalReference("pi_") }).nullish(),
});

/** The same as listed for a payment intent, the invoice being shown whole. */
export const invoicePaymentShown = z.object({
  invoice: z.object({
    id: id("in_"),
    parent: z.object({
      subscription_details: z.object({ subscription: reference("sub_") }).nullish(),
    }).nullish(),
  }).transform(({ id, parent }) => ({
    id,
    subscription: parent?.subscription_details?.subscription ?? null,
  })),
});

export type Invoice = z.infer<typeof invoice>;
export type InvoiceLine = z.infer<typeof invoiceLine>;
export type FailedInvoice = z.infer<typeof failedInvoice>;
export type InvoicePayment = z.infer<typeof invoicePayment>;
