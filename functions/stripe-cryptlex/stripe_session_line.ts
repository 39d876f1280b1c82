// What a checkout session sold, as listed for it; events never carry that. Decides nothing.

import { z } from "zod";
import { id, metadata, optional, whole } from "./stripe_fields.ts";
import { optionalPrice } from "./stripe_price.ts";

/** A line. `metadata`: since API version 2025-12-15. */
export const sessionLine = z.object({
  id: id("li_"),
  price: optionalPrice,
  quantity: optional(whole),
  metadata,
});
