// What the demo tells: a few customers, what each does, and what must be true in Cryptlex after it.

import { createStripeShop } from "../stripe_sandbox/stripe_shop.ts";
import type { StoryStep } from "./story_step.ts";
import { tellAnn } from "./story/ann.ts";
import { tellBob } from "./story/bob.ts";
import { tellCleo } from "./story/cleo.ts";
import { tellDan } from "./story/dan.ts";

/** The story as it begins at `now`: what is new is not looked for, so it must be new. */
export function createStory(now: Date): StoryStep[] {
  const shop = createStripeShop({ now, seed: now.getTime() });
  const ann = tellAnn(shop);
  const bob = tellBob(shop);
  const cleo = tellCleo(shop);
  return [
    ...ann.subscribes,
    ...bob.buys,
    ...cleo.orders,
    ...tellDan(shop),
    ...bob.disputes,
    ...cleo.isRefunded,
    ...ann.cancels,
  ];
}
