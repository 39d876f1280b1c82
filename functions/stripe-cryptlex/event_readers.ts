// The event types that say something, each with what reads it: the one list of them.

import type { z } from "zod";
import { readRefundedCharge } from "./read_charge.ts";
import { readCustomer, readDeletedCustomer, readUpdatedCustomer } from "./read_customer.ts";
import { readDispute } from "./read_dispute.ts";
import { readInvoice } from "./read_invoice.ts";
import { readInvoicePayment } from "./read_invoice_payment.ts";
import { readRefund } from "./read_refund.ts";
import { readSession } from "./read_session.ts";
import { readSubscription } from "./read_subscription.ts";
import { readFailedInvoice, readFraudWarning } from "./read_recorded_only.ts";
import type { Reading, Stamp } from "./reading.ts";
import { failedInvoice, invoice, invoicePayment } from "./stripe_invoice.ts";
import { charge, dispute, fraudWarning, refund } from "./stripe_money.ts";
import { checkoutSession, customer, deletedCustomer } from "./stripe_payloads.ts";
import { subscription } from "./stripe_subscription.ts";
import { understand } from "./understand.ts";

/** Reads the object of an event of that type. */
type ReadObject = (object: unknown, stamp: Stamp, type: string) => Reading;

function by<T extends z.ZodType>(
  schema: T,
  read: (value: z.infer<T>, stamp: Stamp, type: string) => Reading,
): ReadObject {
  return (object, stamp, type) => understand(schema, object, (value) => read(value, stamp, type));
}

const readers: Readonly<Record<string, ReadObject>> = {
  "checkout.session.completed": by(checkoutSession, readSession),
  "checkout.session.async_payment_succeeded": by(checkoutSession, readSession),
  "checkout.session.async_payment_failed": by(checkoutSession, readSession),
  "invoice.paid": by(invoice, readInvoice),
  "invoice.payment_failed": by(failedInvoice, readFailedInvoice),
  "invoice_payment.paid": by(invoicePayment, readInvoicePayment),
  "customer.subscription.created": by(subscription, readSubscription),
  "customer.subscription.updated": by(subscription, readSubscription),
  "customer.subscription.paused": by(subscription, readSubscription),
  "customer.subscription.resumed": by(subscription, readSubscription),
  "customer.subscription.deleted": by(subscription, readSubscription),
  "charge.refunded": by(charge, readRefundedCharge),
  "charge.refund.updated": by(refund, readRefund),
  "refund.created": by(refund, readRefund),
  "refund.updated": by(refund, readRefund),
  "refund.failed": by(refund, readRefund),
  "charge.dispute.created": by(dispute, readDispute),
  "charge.dispute.updated": by(dispute, readDispute),
  "charge.dispute.closed": by(dispute, readDispute),
  "charge.dispute.funds_withdrawn": by(dispute, readDispute),
  "charge.dispute.funds_reinstated": by(dispute, readDispute),
  "radar.early_fraud_warning.created": by(fraudWarning, readFraudWarning),
  "customer.created": by(customer, readCustomer),
  "customer.updated": by(customer, readUpdatedCustomer),
  "customer.deleted": by(deletedCustomer, readDeletedCustomer),
};

/** An event type this function reads. */
export type HandledEventType = {
  readonly type: string;
  /** Licenses come out right without it: it is for who wants users made before they buy. */
  readonly isOptional: boolean;
};

/** What a webhook endpoint should send. */
export const handledEventTypes: readonly HandledEventType[] = Object.keys(readers)
  .map((type) => ({ type, isOptional: type === "customer.created" }));

/** What an object says, in an event of that type. */
export function readObject(object: unknown, stamp: Stamp, type: string): Reading {
  return Object.hasOwn(readers, type) && readers[type] !== undefined
    ? readers[type](object, stamp, type)
    : { kind: "ignored", reason: `${type} says nothing about licenses` };
}
