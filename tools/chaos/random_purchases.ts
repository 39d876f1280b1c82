// Random purchases of one merchant and all the events Stripe sends of them. What comes of them is
// not its business.

import type { Customer } from "../stripe_sandbox/customer.ts";
import type { StripeEvent } from "../stripe_sandbox/stripe_event.ts";
import { createStripeShop, type StripeShop } from "../stripe_sandbox/stripe_shop.ts";
import type { ThinEvent } from "../stripe_sandbox/thin_event.ts";
import { oneTimeProduct } from "./chaos_catalogue.ts";
import { randomOrder } from "./random_order.ts";
import { randomSubscription } from "./random_subscription.ts";
import { createSeededRandom, type SeededRandom } from "./seeded_random.ts";

/** What is told of one purchase, in the order it happened. */
export type ChaosPurchase = {
  /** For people: what kind of purchase it is. */
  readonly title: string;
  readonly events: readonly (StripeEvent | ThinEvent)[];
};

export type PurchaseOptions = {
  readonly seed: number;
  readonly count: number;
  /** Products are told by rows of `licensing.plans`, where metadata does not. */
  readonly hasPlans: boolean;
  readonly now: Date;
};

/** What one purchase is drawn from. */
export type PurchaseContext = {
  readonly random: SeededRandom;
  readonly shop: StripeShop;
  readonly hasPlans: boolean;
  readonly now: Date;
  /** Who buys: a customer of the shop, or a guest of that e-mail address. */
  readonly buyer: Buyer;
};

export type Buyer = { email: string; name: string } | { customer: Customer };

/** One in so many purchases is only noise: an event that sells nothing. */
const noiseEvery = 15;

/** `count` purchases, the same for the same options, and some noise beside them. */
export function randomPurchases(options: PurchaseOptions): ChaosPurchase[] {
  const { seed, count, hasPlans, now } = options;
  const random = createSeededRandom(seed, "purchases");
  const shops = [
    createStripeShop({ seed: seed * 2 + 1, now, shape: "basil" }),
    createStripeShop({ seed: seed * 2 + 2, now, shape: "acacia" }),
  ] as const;
  const customers = new Map<string, Customer>();

  const purchases: ChaosPurchase[] = [];
  for (let nth = 0; nth < count; nth++) {
    const at = random.below(shops.length);
    const shop = shops[at] ?? shops[0];
    const buyer = randomBuyer({ random, shop, shopName: String(at), customers, count });
    const context = { random, shop, hasPlans, now, buyer };
    purchases.push(random.chance(0.6) ? randomSubscription(context) : randomOrder(context));
    if (nth % noiseEvery === 0) purchases.push(noise(shop, nth));
  }
  for (const customer of customers.values()) {
    if (!random.chance(0.5)) continue;
    purchases.push({ title: "a customer is made", events: [customer.created()] });
  }
  return purchases;
}

/** Few enough buyers that most buy more than once, at the same moment too. */
function randomBuyer(
  { random, shop, shopName, customers, count }: {
    random: SeededRandom;
    shop: StripeShop;
    shopName: string;
    customers: Map<string, Customer>;
    count: number;
  },
): Buyer {
  const number = random.below(Math.ceil(count / 2));
  const name = `Chaosname${number} Example`;
  const email = `buyer-${number}@chaos.example`;
  if (random.chance(0.4)) return { email: random.chance(0.3) ? email.toUpperCase() : email, name };
  const key = `${shopName} ${number}`;
  const customer = customers.get(key) ?? shop.customer({ email, name });
  customers.set(key, customer);
  return { customer };
}

function noise(shop: StripeShop, nth: number): ChaosPurchase {
  const event = nth % 2 === 0
    ? shop.other("product.created", { id: oneTimeProduct })
    : shop.thin("v1.invoice.paid");
  return { title: "noise", events: [event] };
}
