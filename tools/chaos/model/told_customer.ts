// A Stripe customer as an event shows it, read for the model alone.

import { z } from "zod";
import type { EventToRead } from "./told_events.ts";
import type { ToldBuyer } from "./told.ts";

const customer = z.object({
  id: z.string(),
  email: z.string().nullable(),
  name: z.string().nullable(),
});

/** Who is told of; `isNew`: whoever sends that wants a user before anything is sold. */
export type ToldCustomer = ToldBuyer & { readonly isNew: boolean };

/** Null: the event is about no customer. */
export function toldByCustomer({ type, data: { object } }: EventToRead): ToldCustomer | null {
  if (type !== "customer.created" && type !== "customer.updated") return null;
  const { id, email, name } = customer.parse(object);
  return { customerId: id, email, name, isNew: type === "customer.created" };
}
