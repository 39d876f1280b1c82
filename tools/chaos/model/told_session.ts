// A Checkout Session, read for the model alone.

import { z } from "zod";
import type { Told } from "./told.ts";
import { id, metadata, present, termsIn } from "./told_fields.ts";

const session = z.object({
  id: z.string(),
  mode: z.string(),
  customer: id,
  subscription: id,
  payment_intent: id,
  invoice: id,
  payment_status: z.string(),
  amount_total: z.number().nullable(),
  customer_details: z.object({ email: z.string().nullable(), name: z.string().nullable() })
    .nullish(),
  metadata,
});

/** Null: it saved a way to pay, and sold nothing. */
export function toldBySession(type: string, object: unknown): Told | null {
  const of = session.parse(object);
  if (of.mode === "setup") return null;
  return {
    stripeIds: present([of.subscription, of.payment_intent, of.id, of.invoice]),
    buyer: {
      customerId: of.customer ?? null,
      email: of.customer_details?.email ?? null,
      name: of.customer_details?.name ?? null,
    },
    session: {
      isPaid: type !== "checkout.session.async_payment_failed" && of.payment_status !== "unpaid",
      total: of.amount_total,
      terms: termsIn(of.metadata),
    },
  };
}
