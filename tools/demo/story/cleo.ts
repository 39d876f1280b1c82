// Cleo pays once, by a debit that takes days, and gets her money back.

import { appForever } from "../../sample_account.ts";
import type { StripeShop } from "../../stripe_sandbox/stripe_shop.ts";
import { DAY, later } from "../../stripe_sandbox/unix_time.ts";
import { type StoryLicense, type StoryStep, usable } from "../story_step.ts";

export type CleosStory = {
  readonly orders: readonly StoryStep[];
  readonly isRefunded: readonly StoryStep[];
};

export function tellCleo(shop: StripeShop): CleosStory {
  const cleo = { email: "cleo@example.com", name: "Cleo Cooper" };
  const order = shop.buy({
    ...cleo,
    amount: 24900,
    paymentStatus: "unpaid",
    metadata: { CRYPTLEX_PRODUCT_ID: appForever.id },
  });
  const refund = order.payment().refund({ at: later(order.settledAt, 2 * DAY) });
  const license: StoryLicense = {
    ...usable,
    email: cleo.email,
    productId: appForever.id,
    expires: "never",
  };
  const about = { purchaseId: order.id, status: "applied" } as const;

  return {
    orders: [
      {
        ...about,
        title: "Cleo orders App Forever by bank debit",
        event: order.completed(),
        license: null,
        calls: 0,
      },
      {
        ...about,
        title: "Three days later her money is there",
        event: order.asyncPaymentSucceeded(),
        license,
        calls: 2,
      },
    ],
    isRefunded: [
      {
        ...about,
        title: "Cleo gets all her money back",
        event: refund.chargeRefunded(),
        license: { ...license, revoked: true },
        calls: 2,
      },
    ],
  };
}
