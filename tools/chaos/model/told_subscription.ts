// A subscription as an event shows it, read for the model alone.

import { z } from "zod";
import type { Told } from "./told.ts";
import { id, metadata, present, termsIn } from "./told_fields.ts";

/** Seconds within which an item belongs to those a subscription begins with. */
const addedAfter = 60;

const subscription = z.object({
  id: z.string(),
  customer: z.string(),
  status: z.string(),
  trial_end: z.number().nullable(),
  latest_invoice: id,
  created: z.number(),
  start_date: z.number(),
  current_period_start: z.number().nullish(),
  current_period_end: z.number().nullish(),
  metadata,
  items: z.object({
    data: z.array(z.object({
      id: z.string(),
      created: z.number(),
      quantity: z.number().optional(),
      current_period_start: z.number().nullish(),
      current_period_end: z.number().nullish(),
      price: z.object({
        id: z.string(),
        product: z.string(),
        recurring: z.object({ usage_type: z.string() }),
      }),
    })),
  }),
});

export function toldBySubscription(
  { id: eventId, type, created, object }: {
    id: string;
    type: string;
    created: number;
    object: unknown;
  },
): Told {
  const of = subscription.parse(object);
  return {
    stripeIds: present([of.id, of.latest_invoice]),
    buyer: { customerId: of.customer, email: null, name: null },
    snapshot: {
      at: created,
      eventId,
      status: of.status,
      isOver: type === "customer.subscription.deleted" || of.status === "canceled",
      trialEnd: of.status === "trialing" ? of.trial_end : null,
      terms: termsIn(of.metadata),
      items: of.items.data.map((item) => {
        const periodStart = item.current_period_start ?? of.current_period_start ?? 0;
        return {
          itemId: item.id,
          priceId: item.price.id,
          productId: item.price.product,
          quantity: item.quantity ?? null,
          isAdded: item.created > of.created + addedAfter,
          periodStart,
          periodEnd: item.current_period_end ?? of.current_period_end ?? 0,
          opensUse: item.price.recurring.usage_type === "metered" && periodStart === of.start_date,
        };
      }),
    },
  };
}
