// Random purchases of one merchant and all the events Stripe sends of them. What comes of them is
// not its business.

import type { StripeEvent } from "../../stripe_sandbox/stripe_event.ts";
import { createStripeShop, type StripeShop } from "../../stripe_sandbox/stripe_shop.ts";
import { createSeededRandom } from "../seeded_random.ts";
import { bareSubscription } from "./bare_subscription.ts";
import { createBuyers } from "./buyers.ts";
import type { ChaosPurchase } from "./chaos_purchase.ts";
import { failedSubscription } from "./failed_subscription.ts";
import { noise } from "./noise.ts";
import { oneOffInvoice } from "./one_off_invoice.ts";
import { randomOrder } from "./random_order.ts";
import { subscriptionLife } from "./subscription_life.ts";

export type PurchaseOptions = {
  readonly seed: number;
  readonly count: number;
  /** Products are told by rows of `licensing.plans`, where metadata does not. */
  readonly hasPlans: boolean;
  readonly now: Date;
  /** Where they are bought; default shops of their own. */
  readonly shops?: readonly StripeShop[];
};

/** A shop whose events have today's shape, and one whose are of before. */
export function chaosShops({ seed, now }: Pick<PurchaseOptions, "seed" | "now">): StripeShop[] {
  return [
    createStripeShop({ seed: seed * 2 + 1, now, shape: "basil" }),
    createStripeShop({ seed: seed * 2 + 2, now, shape: "acacia" }),
  ];
}

/** One in so many purchases is only noise: an event that sells nothing. */
const noiseEvery = 15;

const kinds = [
  ...[subscriptionLife, subscriptionLife, subscriptionLife, subscriptionLife, subscriptionLife],
  ...[bareSubscription, bareSubscription, randomOrder, randomOrder, randomOrder],
];

const rare = [failedSubscription, oneOffInvoice, oneOffInvoice];

/** `count` purchases, the same for the same options, and some noise beside them. */
export function randomPurchases(options: PurchaseOptions): ChaosPurchase[] {
  const { seed, count, hasPlans, now, shops = chaosShops(options) } = options;
  const random = createSeededRandom(seed, "purchases");
  const buyers = createBuyers({ random: createSeededRandom(seed, "buyers"), count, now });

  const purchases: ChaosPurchase[] = [];
  for (let nth = 0; nth < count; nth++) {
    const shop = random.pick(shops);
    const context = { random, shop, hasPlans, now, buyer: buyers.next(shop) };
    const sell = random.chance(0.06) ? random.pick(rare) : random.pick(kinds);
    purchases.push(sell(context));
    if (nth % noiseEvery === 0) purchases.push(noise(shop, nth / noiseEvery));
  }
  const customers = buyers.told().map((events) => ({ title: customerTitle(events), events }));
  return [...purchases, ...customers];
}

function customerTitle(events: readonly StripeEvent[]): string {
  const isMade = events.some(({ type }) => type === "customer.created");
  return isMade ? "a customer is made" : "a customer is changed";
}
