// The sample events of one-time purchases: each that follows another is of the last that fits.

import type { OneTimeOrder } from "../stripe_sandbox/one_time_order.ts";
import type { Dispute } from "../stripe_sandbox/dispute.ts";
import type { PaymentStatus } from "../stripe_sandbox/session_object.ts";
import type { StripeEvent } from "../stripe_sandbox/stripe_event.ts";
import { DAY, later } from "../stripe_sandbox/unix_time.ts";
import { type Made, required, type SampleContext, type Samples } from "./sample.ts";
import { sessionOf } from "./sample_purchase.ts";
import type { PaidOrder } from "./shop_state.ts";

export const orderSamples: Samples = {
  "one-time": {
    description: "somebody pays once (checkout.session.completed)",
    make: (context) => ordered(context, "paid"),
  },
  "free": {
    description: "somebody orders under a full discount (checkout.session.completed)",
    make: (context) => ordered(context, "no_payment_required"),
  },
  "no-email": {
    description: "somebody pays once and leaves no e-mail (checkout.session.completed)",
    make(context) {
      const order = context.newOrder();
      const buyer = { ...order.buyer, email: null };
      return ordered({ ...context, newOrder: () => ({ ...order, buyer }) }, "paid");
    },
  },
  "unpaid": {
    description: "somebody orders by a debit that takes days (checkout.session.completed)",
    make: (context) => ordered(context, "unpaid"),
  },
  "paid-later": {
    description: "the last debit's money is there (checkout.session.async_payment_succeeded)",
    make(context) {
      const paid = { ...unpaidOrder(context), paidLater: true, disputed: false };
      return { event: sessionOfPaid(context, paid).asyncPaymentSucceeded(), left: { paid } };
    },
  },
  "payment-failed": {
    description: "the last debit bounced (checkout.session.async_payment_failed)",
    make(context) {
      const order = sessionOf(unpaidOrder(context), { ...context, paymentStatus: "unpaid" });
      return { event: order.asyncPaymentFailed() };
    },
  },
  "dispute": {
    description: "the bank of who paid once takes it back (charge.dispute.created)",
    make: (context) => disputed(context, (dispute) => dispute.created()),
  },
  "dispute-won": {
    description: "the bank gives it up again (charge.dispute.closed)",
    make(context) {
      required(paidOrder(context).disputed || null, "dispute");
      return disputed(
        context,
        (dispute) => dispute.closed({ status: "won", at: later(dispute.at, 30 * DAY) }),
      );
    },
  },
  "refund": {
    description: "who paid once gets all the money back (charge.refunded)",
    make(context) {
      const session = sessionOfPaid(context, paidOrder(context));
      const refund = session.payment().refund({ at: later(session.settledAt, 2 * DAY) });
      return { event: refund.chargeRefunded() };
    },
  },
};

function ordered(context: SampleContext, paymentStatus: PaymentStatus): Made {
  const order = context.newOrder();
  const event = sessionOf(order, { ...context, paymentStatus }).completed();
  switch (paymentStatus) {
    case "paid":
      return { event, left: { paid: { ...order, paidLater: false, disputed: false } } };
    case "unpaid":
      return { event, left: { unpaid: order } };
    case "no_payment_required":
      return { event };
  }
}

function disputed(context: SampleContext, event: (dispute: Dispute) => StripeEvent): Made {
  const paid = paidOrder(context);
  const session = sessionOfPaid(context, paid);
  const dispute = session.payment().dispute({ at: later(session.settledAt, 5 * DAY) });
  return { event: event(dispute), left: { paid: { ...paid, disputed: true } } };
}

function unpaidOrder({ state }: SampleContext) {
  return required(state.unpaid, "unpaid");
}

function paidOrder({ state }: SampleContext): PaidOrder {
  return required(state.paid, "one-time");
}

function sessionOfPaid(context: SampleContext, paid: PaidOrder): OneTimeOrder {
  return sessionOf(paid, { ...context, paymentStatus: paid.paidLater ? "unpaid" : "paid" });
}
