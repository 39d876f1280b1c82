// What a purchase of a chaos run is, and what one is drawn from. Types only.

import type { StripeEvent } from "../../stripe_sandbox/stripe_event.ts";
import type { StripeShop } from "../../stripe_sandbox/stripe_shop.ts";
import type { ThinEvent } from "../../stripe_sandbox/thin_event.ts";
import type { SeededRandom } from "../seeded_random.ts";
import type { Buyer } from "./buyers.ts";

/** What is told of one purchase, in the order it happened. */
export type ChaosPurchase = {
  /** For people: what kind of purchase it is. */
  readonly title: string;
  readonly events: readonly (StripeEvent | ThinEvent)[];
};

/** What one purchase is drawn from. */
export type PurchaseContext = {
  readonly random: SeededRandom;
  readonly shop: StripeShop;
  /** Products are told by rows of `licensing.plans`, where metadata does not. */
  readonly hasPlans: boolean;
  readonly now: Date;
  readonly buyer: Buyer;
};
