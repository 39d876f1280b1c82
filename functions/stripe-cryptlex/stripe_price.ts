// Prices and products as other objects of Stripe's embed them. Decides nothing.

import { z } from "zod";
import { id, metadata, optional } from "./stripe_fields.ts";

/** A product: its id, or itself where Stripe was asked to expand it. */
const product = z.union([
  id().transform((id) => ({ id, metadata: null })),
  z.object({ id: id(), metadata }),
]);

const recurring = z.object({
  interval: optional(z.string()),
  interval_count: optional(z.int().min(1)),
  usage_type: optional(z.string()),
});

/** A price: its id, or itself, which is how Stripe embeds it in most places. */
export const price = z.union([
  id().transform((id) => ({ id, metadata: null, product: null, recurring: null })),
  z.object({
    id: id(),
    metadata,
    product: optional(product),
    recurring: optional(recurring),
  }),
]);

export const optionalPrice = optional(price);
export const optionalProduct = optional(product);

export type Price = z.infer<typeof price>;
export type Product = z.infer<typeof product>;
