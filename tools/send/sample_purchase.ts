// Brings a one-time purchase back from what fixes it, with every event Stripe would send of it.

import type { OneTimeOrder } from "../stripe_sandbox/one_time_order.ts";
import type { PaymentStatus } from "../stripe_sandbox/session_object.ts";
import { createStripeShop, type StripeShop } from "../stripe_sandbox/stripe_shop.ts";
import type { Order } from "./shop_state.ts";

/** A shop in which nothing but this order happens. */
export function shopOf({ seed, at, shape }: Order): StripeShop {
  return createStripeShop({ seed, now: new Date(at), shape });
}

/** `oneTimeProductId`: what its metadata names; null: nothing. */
export function sessionOf(
  order: Order,
  options: { paymentStatus: PaymentStatus; oneTimeProductId: string | null },
): OneTimeOrder {
  const { paymentStatus, oneTimeProductId } = options;
  const metadata = oneTimeProductId === null ? {} : { CRYPTLEX_PRODUCT_ID: oneTimeProductId };
  return shopOf(order).buy({ ...order.buyer, amount: 24900, paymentStatus, metadata });
}
