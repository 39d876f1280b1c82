// The sample events by name: what each is, and what it leaves for those that follow it.

import type { OneTimeOrder } from "../stripe_sandbox/one_time_order.ts";
import type { PaymentStatus } from "../stripe_sandbox/session_object.ts";
import type { StripeEvent } from "../stripe_sandbox/stripe_event.ts";
import type { ThinEvent } from "../stripe_sandbox/thin_event.ts";
import { sessionOf, shopOf, subscriptionOf } from "./sample_purchase.ts";
import type { Order, Sale, ShopState } from "./shop_state.ts";

/** What a sample is made from. */
export type SampleContext = {
  readonly state: ShopState;
  /** A purchase of its own, made now. */
  newOrder(): Order;
  /** What one-time purchases name in their metadata; null: nothing. */
  readonly oneTimeProductId: string | null;
};

/** The event, and the state it leaves; `lastEvent` is not its business. */
export type Made = {
  readonly event: StripeEvent | ThinEvent;
  readonly left?: Partial<ShopState>;
};

export type Sample = {
  readonly description: string;
  /** @throws {Error} what it follows was not sent yet. */
  make(context: SampleContext): Made;
};

/** In the order they are listed. */
export const samples: Readonly<Record<string, Sample>> = {
  "sale": {
    description: "somebody subscribes by the month (checkout.session.completed)",
    make: ({ newOrder }) => opened({ ...newOrder(), renewals: 0, trialDays: 0 }),
  },
  "trial": {
    description: "somebody begins a free trial of 14 days (checkout.session.completed)",
    make: ({ newOrder }) => opened({ ...newOrder(), renewals: 0, trialDays: 14 }),
  },
  "first-invoice": {
    description: "the last sale's first invoice; without a sale, a new one's (invoice.paid)",
    make({ state, newOrder }) {
      const sale = state.sale ?? { ...newOrder(), renewals: 0, trialDays: 0 };
      return { event: subscriptionOf(sale).firstInvoicePaid(), left: { sale } };
    },
  },
  "renewal": {
    description: "the last sale renews, a month later each time (invoice.paid)",
    make({ state }) {
      const sale = required(state.sale, "sale");
      const renewals = sale.renewals + 1;
      const event = subscriptionOf(sale).renewalPaid(renewals);
      return { event, left: { sale: { ...sale, renewals } } };
    },
  },
  "one-time": {
    description: "somebody pays once (checkout.session.completed)",
    make: (context) => ordered(context, "paid"),
  },
  "free": {
    description: "somebody orders under a full discount (checkout.session.completed)",
    make: (context) => ordered(context, "no_payment_required"),
  },
  "unpaid": {
    description: "somebody orders by a debit that takes days (checkout.session.completed)",
    make: (context) => ordered(context, "unpaid"),
  },
  "paid-later": {
    description: "the last debit's money is there (checkout.session.async_payment_succeeded)",
    make: (context) => outcome(context, (order) => order.asyncPaymentSucceeded()),
  },
  "payment-failed": {
    description: "the last debit bounced (checkout.session.async_payment_failed)",
    make: (context) => outcome(context, (order) => order.asyncPaymentFailed()),
  },
  "no-email": {
    description: "somebody pays once and leaves no e-mail (checkout.session.completed)",
    make(context) {
      const order = context.newOrder();
      const buyer = { ...order.buyer, email: null };
      return ordered({ ...context, newOrder: () => ({ ...order, buyer }) }, "paid");
    },
  },
  "setup": {
    description: "somebody saves a card and buys nothing (checkout.session.completed)",
    make({ newOrder }) {
      const order = newOrder();
      return { event: shopOf(order).setup(order.buyer).completed() };
    },
  },
  "customer": {
    description: "a customer is made, before buying anything (customer.created)",
    make({ newOrder }) {
      const order = newOrder();
      return { event: shopOf(order).customer(order.buyer).created() };
    },
  },
  "unknown": {
    description: "a type the function has no use for (product.created)",
    make: ({ newOrder }) => ({ event: shopOf(newOrder()).other("product.created") }),
  },
  "thin": {
    description: "an event without its object, as Stripe's v2 API sends (v1.invoice.paid)",
    make: ({ newOrder }) => ({ event: shopOf(newOrder()).thin("v1.invoice.paid") }),
  },
  "duplicate": {
    description: "the last event once more, as Stripe resends it",
    make: ({ state }) => ({ event: required(state.lastEvent, "another, for example sale") }),
  },
};

function opened(sale: Sale): Made {
  return { event: subscriptionOf(sale).checkoutCompleted(), left: { sale } };
}

function ordered(context: SampleContext, paymentStatus: PaymentStatus): Made {
  const order = context.newOrder();
  const event = sessionOf(order, { ...context, paymentStatus }).completed();
  return { event, ...(paymentStatus === "unpaid" && { left: { unpaid: order } }) };
}

function outcome(context: SampleContext, event: (order: OneTimeOrder) => StripeEvent): Made {
  const order = required(context.state.unpaid, "unpaid");
  return { event: event(sessionOf(order, { ...context, paymentStatus: "unpaid" })) };
}

function required<T>(found: T | null, name: string): T {
  if (found === null) throw new Error(`There is nothing it could follow: first send ${name}`);
  return found;
}
