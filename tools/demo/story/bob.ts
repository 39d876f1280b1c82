// Bob pays once. His bank takes the money back for a while, then gives it up.

import { appForever } from "../../sample_account.ts";
import type { StripeShop } from "../../stripe_sandbox/stripe_shop.ts";
import { DAY, later } from "../../stripe_sandbox/unix_time.ts";
import { type StoryLicense, type StoryStep, usable } from "../story_step.ts";

export type BobsStory = {
  readonly buys: readonly StoryStep[];
  readonly disputes: readonly StoryStep[];
};

export function tellBob(shop: StripeShop): BobsStory {
  const bob = { email: "bob@example.com", name: "Bob Baker" };
  const order = shop.buy({
    ...bob,
    amount: 24900,
    paymentStatus: "paid",
    metadata: { CRYPTLEX_PRODUCT_ID: appForever.id },
  });
  const dispute = order.payment().dispute({ at: later(order.settledAt, 5 * DAY) });
  const license: StoryLicense = {
    ...usable,
    email: bob.email,
    productId: appForever.id,
    expires: "never",
  };
  const about = { purchaseId: order.id, status: "applied" } as const;

  return {
    buys: [
      {
        ...about,
        title: "Bob buys App Forever, $249 once",
        event: order.completed(),
        license,
        calls: 2,
      },
    ],
    disputes: [
      {
        ...about,
        title: "Bob's bank disputes his payment",
        event: dispute.created(),
        license: { ...license, suspended: true },
        calls: 2,
      },
      {
        ...about,
        title: "The dispute is won",
        event: dispute.closed({ status: "won", at: later(dispute.at, 30 * DAY) }),
        license,
        calls: 2,
      },
    ],
  };
}
