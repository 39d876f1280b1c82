// The parts of Stripe's payloads that matter here, in the shapes of before and since API version
// 2025-03-31.basil. Everything else in them may come and go. Decides nothing.

import { z } from "zod";

/** Ids have up to 255 characters (docs.stripe.com/upgrades). */
const id = (prefix = "") => z.string().max(255).startsWith(prefix);
/** An id, or the object itself where Stripe was asked to expand it. */
const reference = (prefix?: string) =>
  z.union([id(prefix), z.object({ id: id(prefix) })])
    .transform((value) => typeof value === "string" ? value : value.id);
const optionalReference = (prefix?: string) =>
  reference(prefix).nullish().transform((value) => value ?? null);
const text = z.string().nullish().transform((value) => value?.trim() || null);
const metadata = z.record(z.string(), z.string()).nullish().transform((value) => value ?? null);
/** To the end of the year 9999: what comes after no database or calendar takes. */
const writableSeconds = z.number().min(0).max(253_402_300_799);
const unixSeconds = writableSeconds.int();

/**
 * What every event has, a snapshot or a thin one (docs.stripe.com/event-destinations). Only id and
 * type are asked for: an event without the rest is still recorded, and says what it lacks.
 */
export const eventHead = z.object({
  id: id("evt_"),
  object: z.string().nullish().catch(null),
  type: z.string(),
  // Snapshot events date in Unix seconds, thin ones in ISO 8601.
  created: z.union([
    unixSeconds,
    z.iso.datetime({ offset: true }).transform((date) => Date.parse(date) / 1000)
      .pipe(writableSeconds),
  ]).nullish().catch(null),
  livemode: z.boolean().catch(true),
  api_version: z.string().nullish().catch(null),
  data: z.object({ object: z.unknown() }).nullish().catch(null),
});

/** The id of the customer an object belongs to, or is; null: it names none. */
export const customerOf = z.union([
  z.object({ customer: reference("cus_") }).transform(({ customer }) => customer),
  z.object({ id: id("cus_") }).transform(({ id }) => id),
]).nullable().catch(null);

/** A checkout session. */
export const checkoutSession = z.object({
  id: id("cs_"),
  mode: z.string(),
  payment_status: z.enum(["paid", "unpaid", "no_payment_required"]),
  subscription: optionalReference("sub_"),
  payment_intent: optionalReference("pi_"),
  invoice: optionalReference("in_"),
  customer: optionalReference("cus_"),
  customer_email: text,
  customer_details: z.object({ email: text, name: text }).nullish(),
  metadata,
});

const period = z.object({ start: unixSeconds, end: unixSeconds });

/** One line of an invoice. `price`, `subscription_item`, `proration`: before Basil. */
const invoiceLine = z.object({
  id: id(),
  amount: z.number(),
  period,
  metadata,
  proration: z.boolean().nullish(),
  price: z.union([
    z.string().transform((id) => ({ id, product: null, recurring: null })),
    z.object({
      id: z.string(),
      product: optionalReference(),
      recurring: z.object({ usage_type: z.string().nullish() }).nullish(),
    }),
  ]).nullish(),
  subscription_item: optionalReference("si_"),
  pricing: z.object({
    price_details: z.object({ price: optionalReference(), product: optionalReference() }).nullish(),
  }).nullish(),
  parent: z.object({
    subscription_item_details: z.object({
      subscription_item: optionalReference("si_"),
      proration: z.boolean().nullish(),
    }).nullish(),
  }).nullish(),
});

/** `subscription`, `subscription_details`, `payment_intent`: before Basil. */
export const invoice = z.object({
  id: id("in_"),
  billing_reason: z.string().nullish(),
  created: unixSeconds,
  customer: optionalReference("cus_"),
  customer_email: text,
  customer_name: text,
  metadata,
  lines: z.object({ data: z.array(invoiceLine) }),
  subscription: optionalReference("sub_"),
  subscription_details: z.object({ metadata }).nullish(),
  payment_intent: optionalReference("pi_"),
  parent: z.object({
    subscription_details: z.object({ subscription: reference("sub_"), metadata }).nullish(),
  }).nullish(),
});

/** A customer. */
export const customer = z.object({
  id: id("cus_"),
  email: text,
  name: text,
});

/** A customer that was deleted: whose, and nothing more, is asked of it. */
export const deletedCustomer = customer.pick({ id: true });

export type CheckoutSession = z.infer<typeof checkoutSession>;
export type Invoice = z.infer<typeof invoice>;
export type InvoiceLine = Invoice["lines"]["data"][number];
export type Customer = z.infer<typeof customer>;
export type DeletedCustomer = z.infer<typeof deletedCustomer>;
