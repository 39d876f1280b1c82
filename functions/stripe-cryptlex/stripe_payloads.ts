// The parts of Stripe's payloads that matter here: events, sessions and customers; the files beside
// this one have the others. In the shapes of before and since API version 2025-03-31.basil.
// Everything else in them may come and go. Decides nothing.

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
  writableSeconds,
} from "./stripe_fields.ts";

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

/**
 * The names of a buyer. Asked for both, Stripe puts the business's into `name`
 * (docs.stripe.com/payments/checkout/name-collection).
 */
const names = { name: text, individual_name: text, business_name: text };

/** A checkout session. */
export const checkoutSession = z.object({
  id: id("cs_"),
  mode: z.string(),
  payment_status: z.enum(["paid", "unpaid", "no_payment_required"]),
  amount_total: optional(whole),
  subscription: optionalReference("sub_"),
  payment_intent: optionalReference("pi_"),
  invoice: optionalReference("in_"),
  customer: optionalReference("cus_"),
  customer_email: text,
  customer_details: z.object({ email: text, ...names }).nullish(),
  metadata,
});

/** A customer. */
export const customer = z.object({ id: id("cus_"), email: text, ...names });

/** A customer that was deleted: whose, and nothing more, is asked of it. */
export const deletedCustomer = customer.pick({ id: true });

export type CheckoutSession = z.infer<typeof checkoutSession>;
export type Customer = z.infer<typeof customer>;
export type DeletedCustomer = z.infer<typeof deletedCustomer>;
