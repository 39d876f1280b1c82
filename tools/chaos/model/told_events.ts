// Stripe's events, read for the model alone: nothing here is shared with the function, so that the
// two cannot be wrong together.

import type { Told } from "./told.ts";
import { toldByInvoice } from "./told_invoice.ts";
import { toldByCharge, toldByDispute, toldByInvoicePayment, toldByRefund } from "./told_money.ts";
import { toldBySession } from "./told_session.ts";
import { toldBySubscription } from "./told_subscription.ts";

/** An event with a snapshot of its object. */
export type EventToRead = {
  readonly id: string;
  readonly type: string;
  readonly created: number;
  readonly data: { readonly object: unknown };
};

/** `customer.subscription.trial_will_end` shows a subscription too, and is none of them. */
const ofSubscriptions = new Set(
  ["created", "updated", "paused", "resumed", "deleted"]
    .map((what) => `customer.subscription.${what}`),
);

/** What the event tells of a purchase; null: it is about none. */
export function toldBy({ id, type, created, data: { object } }: EventToRead): Told | null {
  if (type.startsWith("checkout.session.")) return toldBySession(type, object);
  if (ofSubscriptions.has(type)) return toldBySubscription({ id, type, created, object });
  if (type.startsWith("charge.dispute.")) return toldByDispute(type, object);
  if (type.startsWith("refund.")) return toldByRefund(object);
  switch (type) {
    case "invoice.paid":
      return toldByInvoice(object);
    case "invoice_payment.paid":
      return toldByInvoicePayment(object);
    case "charge.refunded":
      return toldByCharge(object);
    default:
      return null;
  }
}
