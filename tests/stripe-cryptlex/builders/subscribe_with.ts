// A subscription in a shop of its own, from 1 June 2026 on.

import { createStripeShop } from "../../../tools/stripe_sandbox/stripe_shop.ts";
import type { PayloadShape } from "../../../tools/stripe_sandbox/stripe_event.ts";
import type { Subscription } from "../../../tools/stripe_sandbox/subscription.ts";
import type { SubscribeOptions } from "../../../tools/stripe_sandbox/subscription_opening.ts";

export const startedAt = new Date("2026-06-01T00:00:00Z");
export const middle = new Date("2026-06-16T00:00:00Z");

export const basic = {
  price: "price_basic",
  product: "prod_a",
  amount: 1000,
  interval: "month",
} as const;
export const pro = { ...basic, price: "price_pro", amount: 3000 } as const;
export const yearly = { ...basic, price: "price_year", amount: 9000, interval: "year" } as const;
export const metered = { ...basic, usageType: "metered", quantity: 40 } as const;

/** By default of one monthly price, in the shape since Basil. */
export function subscribeWith(
  options: Partial<SubscribeOptions> = {},
  shape: PayloadShape = "basil",
): Subscription {
  return createStripeShop({ shape })
    .subscribe({ price: basic, startedAt, email: "ada@example.com", ...options });
}
