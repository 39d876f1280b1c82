// The sample events by name: what each is, and what it leaves for those that follow it.

import { orderSamples } from "./order_samples.ts";
import { required, type Samples } from "./sample.ts";
import { shopOf } from "./sample_purchase.ts";
import { subscriptionSamples } from "./subscription_samples.ts";

/** In the order they are listed. */
export const samples: Samples = {
  ...subscriptionSamples,
  ...orderSamples,
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
