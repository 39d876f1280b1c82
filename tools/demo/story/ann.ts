// Ann has a subscription: she pays, pays again, and leaves.

import { addInterval, parseInterval } from "../../cryptlex_sandbox/calendar_interval.ts";
import { app } from "../../sample_account.ts";
import type { StripeShop } from "../../stripe_sandbox/stripe_shop.ts";
import { type StoryLicense, type StoryStep, usable, withGrace } from "../story_step.ts";

export type AnnsStory = {
  readonly subscribes: readonly StoryStep[];
  readonly cancels: readonly StoryStep[];
};

export function tellAnn(shop: StripeShop): AnnsStory {
  const ann = { email: "ann@example.com", name: "Ann Archer" };
  const sale = shop.subscribe({
    ...ann,
    price: { amount: 1900, interval: "month" },
    // What a payment link's metadata says lands in its sessions.
    sessionMetadata: { CRYPTLEX_PRODUCT_ID: app.id },
  });
  const first = withGrace(sale.periodEnd(0));
  const second = withGrace(sale.periodEnd(1));
  const has = (expires: StoryLicense["expires"]): StoryLicense => ({
    ...usable,
    email: ann.email,
    productId: app.id,
    expires,
  });
  const about = { purchaseId: sale.id, status: "applied" } as const;

  return {
    subscribes: [
      {
        ...about,
        title: "Ann subscribes to App, $19 a month",
        event: sale.checkoutCompleted(),
        license: has("template"),
        calls: 2,
      },
      {
        ...about,
        title: "Stripe sends the same event again",
        event: sale.checkoutCompleted(),
        license: has("template"),
        calls: 0,
      },
      {
        ...about,
        title: "Her first invoice says how long she paid for",
        event: sale.firstInvoicePaid(),
        license: has(first),
        calls: 1,
      },
      {
        ...about,
        title: "A month later her subscription renews",
        event: sale.renewalPaid(1),
        license: has(second),
        // Where a month more lands on another day than Stripe's, its date is corrected.
        calls: monthAfter(first).getTime() === second.getTime() ? 1 : 2,
      },
    ],
    cancels: [
      {
        ...about,
        title: "Ann has cancelled, and her last month ends",
        event: sale.canceled({ at: sale.periodEnd(1) }),
        license: { ...has(second), revoked: true },
        calls: 2,
      },
    ],
  };
}

function monthAfter(date: Date): Date {
  const month = parseInterval("P1M");
  if (month === null) throw new TypeError("Cannot read the interval of a month");
  return addInterval(date, month);
}
