// The sample events of subscriptions: each that follows another is of the last sale.

import type { StripeEvent } from "../stripe_sandbox/stripe_event.ts";
import type { Subscription } from "../stripe_sandbox/subscription.ts";
import { type Made, required, type SampleContext, type Samples } from "./sample.ts";
import { changed, subscriptionOf } from "./sample_subscription.ts";
import type { Sale, SaleChange } from "./shop_state.ts";

const untouched = { renewals: 0, changes: [] } as const;

export const subscriptionSamples: Samples = {
  "sale": {
    description: "somebody subscribes by the month (checkout.session.completed)",
    make: ({ newOrder }) => opened({ ...newOrder(), ...untouched, trialDays: 0 }),
  },
  "trial": {
    description: "somebody begins a free trial of 14 days (checkout.session.completed)",
    make: ({ newOrder }) => opened({ ...newOrder(), ...untouched, trialDays: 14 }),
  },
  "first-invoice": {
    description: "the last sale's first invoice; without a sale, a new one's (invoice.paid)",
    make({ state, newOrder }) {
      const sale = state.sale ?? { ...newOrder(), ...untouched, trialDays: 0 };
      return { event: subscriptionOf(sale).firstInvoicePaid(), left: { sale } };
    },
  },
  "renewal": {
    description: "the last sale renews, a month later each time (invoice.paid)",
    make(context) {
      const sale = runningSale(context);
      const renewals = sale.renewals + 1;
      const event = subscriptionOf(sale).renewalPaid(renewals);
      return { event, left: { sale: { ...sale, renewals } } };
    },
  },
  "renewal-failed": {
    description: "the last sale's next month cannot be charged (invoice.payment_failed)",
    make: (context) => told(context, (subscription, next) => subscription.paymentFailed(next)),
  },
  "upgrade": {
    description: "it goes to a better price, then back, in turn (customer.subscription.updated)",
    make(context) {
      const { trialDays, renewals } = runningSale(context);
      if (trialDays > 0 && renewals === 0) {
        throw new Error(
          "The last sale is in its trial, and cannot be upgraded: first send renewal",
        );
      }
      return happened(context, "upgrade");
    },
  },
  "seats": {
    description: "it gets one seat more each time (customer.subscription.updated)",
    make: (context) => happened(context, "seats"),
  },
  "pause": {
    description: "it is paused, as after a trial without a card (customer.subscription.paused)",
    make: (context) => happened(context, "pause"),
  },
  "resume": {
    description: "it goes on after a pause (customer.subscription.resumed)",
    make(context) {
      const pauses = runningSale(context).changes
        .filter(({ kind }) => kind === "pause" || kind === "resume");
      required(pauses.at(-1)?.kind === "pause" ? pauses : null, "pause");
      return happened(context, "resume");
    },
  },
  "new-name": {
    description: "its buyer has another name each time (customer.updated)",
    make: (context) => happened(context, "new-name"),
  },
  "cancel": {
    description: "it is cancelled, and over at once (customer.subscription.deleted)",
    make: (context) => happened(context, "cancel"),
  },
};

function opened(sale: Sale): Made {
  return { event: subscriptionOf(sale).checkoutCompleted(), left: { sale } };
}

/** Something that leaves the sale as it is; `next` is the number of its next renewal. */
function told(
  context: SampleContext,
  event: (subscription: Subscription, next: number) => StripeEvent,
): Made {
  const sale = runningSale(context);
  return { event: event(subscriptionOf(sale), sale.renewals + 1) };
}

function happened(context: SampleContext, kind: SaleChange["kind"]): Made {
  const { sale, event } = changed(runningSale(context), kind);
  return { event, left: { sale } };
}

function runningSale({ state }: SampleContext): Sale {
  const sale = required(state.sale, "sale");
  if (sale.changes.some(({ kind }) => kind === "cancel")) {
    throw new Error("The last sale is cancelled: first send another sale");
  }
  return sale;
}
