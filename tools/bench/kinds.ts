// The kinds of events a bench sends: what each costs, and where they come from.

import { createStripeShop } from "../stripe_sandbox/stripe_shop.ts";
import type { StripeEvent } from "../stripe_sandbox/stripe_event.ts";
import { price } from "./bench_catalogue.ts";

/** In this order: each kind rests on those before it. */
export const kinds = [
  "sale, new buyer",
  "sale, known buyer",
  "renewal",
  "duplicate",
  "ignored type",
] as const;

export type Kind = typeof kinds[number];

/** Does it go on after its acknowledgement? */
export const goesOn: Readonly<Record<Kind, boolean>> = {
  "sale, new buyer": true,
  "sale, known buyer": true,
  "renewal": true,
  "duplicate": false,
  "ignored type": false,
};

/** The events of `count` buyers, by kind; of another `seed` all ids differ. */
export function eventsOf(
  { count, seed, now }: { count: number; seed: number; now: Date },
): Readonly<Record<Kind, readonly StripeEvent[]>> {
  const shop = createStripeShop({ seed, now });
  const events: Record<Kind, StripeEvent[]> = {
    "sale, new buyer": [],
    "sale, known buyer": [],
    "renewal": [],
    "duplicate": [],
    "ignored type": [],
  };
  for (let n = 0; n < count; n++) {
    const first = shop.subscribe({
      email: `buyer-${seed}-${n}@example.com`,
      price,
      startedAt: now,
    });
    const second = shop.subscribe({ customer: first.customer, price, startedAt: now });
    events["sale, new buyer"].push(first.firstInvoicePaid());
    events["sale, known buyer"].push(second.firstInvoicePaid());
    events["renewal"].push(first.renewalPaid(1));
    events["duplicate"].push(first.renewalPaid(1));
    events["ignored type"].push(shop.other("product.created"));
  }
  return events;
}
