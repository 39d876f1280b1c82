// Subscriptions, as far as they matter here. Decides nothing.

import { z } from "zod";
import {
  id,
  metadata,
  optional,
  optionalReference,
  reference,
  unixSeconds,
  whole,
} from "./stripe_fields.ts";
import { price } from "./stripe_price.ts";
import { subscriptionStatuses } from "./subscription_snapshot.ts";

/** A subscription item. Its period: since Basil. */
const item = z.object({
  id: id("si_"),
  created: optional(unixSeconds),
  price,
  quantity: optional(whole),
  metadata,
  current_period_start: optional(unixSeconds),
  current_period_end: optional(unixSeconds),
});

/** The period: before Basil. */
export const subscription = z.object({
  id: id("sub_"),
  created: optional(unixSeconds),
  customer: optionalReference("cus_"),
  status: z.enum(subscriptionStatuses),
  items: z.object({ data: z.array(item), has_more: z.boolean().nullish() }),
  current_period_start: optional(unixSeconds),
  current_period_end: optional(unixSeconds),
  start_date: optional(unixSeconds),
  trial_end: optional(unixSeconds),
  // Only a link: whatever else it were would lead nowhere.
  latest_invoice: reference("in_").nullable().catch(null),
  metadata,
});

export type Subscription = z.infer<typeof subscription>;
export type SubscriptionItem = Subscription["items"]["data"][number];
