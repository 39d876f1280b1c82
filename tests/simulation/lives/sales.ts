// A subscription to sell in a life, and what every life tells of one.

import type { StripeEvent } from "../../../tools/stripe_sandbox/stripe_event.ts";
import type { StripeShop } from "../../../tools/stripe_sandbox/stripe_shop.ts";
import type { Subscription } from "../../../tools/stripe_sandbox/subscription.ts";
import type { SubscribeOptions } from "../../../tools/stripe_sandbox/subscription_opening.ts";
import { DAY, later } from "../../../tools/stripe_sandbox/unix_time.ts";
import { type Has, prices } from "./life.ts";

export const ada = { email: "ada@example.com", name: "Ada" };
export const startedAt = new Date("2026-06-10T10:00:00Z");
export const inDays = (days: number): Date => later(startedAt, days * DAY);

export function subscribe(shop: StripeShop, options: Partial<SubscribeOptions> = {}): Subscription {
  return shop.subscribe({ ...ada, price: prices.basic, startedAt, ...options });
}

/** Bought and paid: the session, the subscription and its first invoice. */
export const opened = (sub: Subscription): StripeEvent[] => [
  sub.checkoutCompleted(),
  sub.subscriptionCreated(),
  sub.firstInvoicePaid(),
];
export const renewed = (
  sub: Subscription,
  n: number,
): StripeEvent[] => [sub.renewed(n), sub.renewalPaid(n)];

export const basicUntil = (paidThrough: Date): Has => ({
  product: "product-app",
  paidThrough,
  entitlementSet: "set-basic",
});
export const forever: Has = { product: "product-forever", paidThrough: null };
