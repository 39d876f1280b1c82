// Money that goes back or is asked back, and what ties a payment to an invoice, read for the model
// alone.

import { z } from "zod";
import type { Told } from "./told.ts";
import { id, present } from "./told_fields.ts";

const nobody = { customerId: null, email: null, name: null };

const charge = z.object({
  amount_captured: z.number(),
  amount_refunded: z.number(),
  payment_intent: z.string(),
  invoice: id,
});

export function toldByCharge(object: unknown): Told {
  const of = charge.parse(object);
  return {
    stripeIds: present([of.payment_intent, of.invoice]),
    buyer: nobody,
    charge: { captured: of.amount_captured, refunded: of.amount_refunded },
  };
}

const refund = z.object({
  id: z.string(),
  amount: z.number(),
  status: z.string(),
  payment_intent: z.string(),
});

export function toldByRefund(object: unknown): Told {
  const { id, amount, status, payment_intent } = refund.parse(object);
  const isLost = status === "failed" || status === "canceled";
  return {
    stripeIds: [payment_intent],
    buyer: nobody,
    refund: {
      id,
      amount,
      status: isLost ? "failed" : status === "succeeded" ? "succeeded" : "pending",
    },
  };
}

const dispute = z.object({
  id: z.string(),
  status: z.string(),
  created: z.number(),
  payment_intent: z.string(),
});

export function toldByDispute(type: string, object: unknown): Told {
  const { id, status, created, payment_intent } = dispute.parse(object);
  const isBack = type === "charge.dispute.funds_reinstated";
  return {
    stripeIds: [payment_intent],
    buyer: nobody,
    dispute: { id, status: isBack ? "funds_reinstated" : status, createdAt: created },
  };
}

const invoicePayment = z.object({
  invoice: z.string(),
  payment: z.object({ payment_intent: z.string() }),
});

export function toldByInvoicePayment(object: unknown): Told {
  const { invoice, payment } = invoicePayment.parse(object);
  return { stripeIds: [payment.payment_intent, invoice], buyer: nobody };
}
