// What the demo tells: who buys what, and what must be true in Cryptlex after each event. Data.

import { app, appForever } from "../sample_account.ts";
import type { StripeEvent } from "../stripe_sandbox/stripe_event.ts";
import { createStripeShop } from "../stripe_sandbox/stripe_shop.ts";

/** A license that must be there and usable, the only one of its purchase. */
export type StoryLicense = {
  readonly email: string;
  readonly productId: string;
  /** `template`: some date, as the template gives it until Stripe says what was paid. */
  readonly expires: Date | "template" | "never";
};

/** One event, and what must be true once it is done. */
export type StoryStep = {
  readonly title: string;
  readonly event: StripeEvent;
  readonly purchaseId: string;
  /** Null: there must be none yet. */
  readonly license: StoryLicense | null;
  /** What its row in the ledger must say. */
  readonly status: "applied" | "ignored";
  /** Cryptlex must not be called more often. */
  readonly mostCalls: number;
};

const graceDays = 3;

/** The story as it begins at `now`: what is new is not looked for, so it must be new. */
export function createStory(now: Date): StoryStep[] {
  const shop = createStripeShop({ now, seed: now.getTime() });
  const ann = { email: "ann@example.com", name: "Ann Archer" };
  const bob = { email: "bob@example.com", name: "Bob Baker" };
  const cleo = { email: "cleo@example.com", name: "Cleo Cooper" };
  // What a payment link's metadata says lands in its sessions.
  const metadata = { CRYPTLEX_PRODUCT_ID: appForever.id };

  const monthly = shop.subscribe({ ...ann, price: { amount: 1900, interval: "month" } });
  const once = shop.buy({ ...bob, amount: 24900, paymentStatus: "paid", metadata });
  const debit = shop.buy({ ...cleo, amount: 24900, paymentStatus: "unpaid", metadata });

  const annHas = (expires: StoryLicense["expires"]) => ({
    email: ann.email,
    productId: app.id,
    expires,
  });
  const forever = (email: string) =>
    ({ email, productId: appForever.id, expires: "never" }) as const;
  const status = "applied";

  return [
    {
      title: "Ann subscribes to App, $19 a month",
      event: monthly.checkoutCompleted(),
      purchaseId: monthly.id,
      license: annHas("template"),
      status,
      mostCalls: 2,
    },
    {
      title: "Stripe sends the same event again",
      event: monthly.checkoutCompleted(),
      purchaseId: monthly.id,
      license: annHas("template"),
      status,
      mostCalls: 0,
    },
    {
      title: "Her first invoice says how long she paid for",
      event: monthly.firstInvoicePaid(),
      purchaseId: monthly.id,
      license: annHas(withGrace(monthly.periodEnd(0))),
      status,
      mostCalls: 1,
    },
    {
      title: "A month later her subscription renews",
      event: monthly.renewalPaid(1),
      purchaseId: monthly.id,
      license: annHas(withGrace(monthly.periodEnd(1))),
      status,
      // One, but for the end of a month: there the interval lands on another day than Stripe.
      mostCalls: 2,
    },
    {
      title: "Bob buys App Forever, $249 once",
      event: once.completed(),
      purchaseId: once.id,
      license: forever(bob.email),
      status,
      mostCalls: 2,
    },
    {
      title: "Cleo orders App Forever by bank debit",
      event: debit.completed(),
      purchaseId: debit.id,
      license: null,
      status,
      mostCalls: 0,
    },
    {
      title: "Three days later her money is there",
      event: debit.asyncPaymentSucceeded(),
      purchaseId: debit.id,
      license: forever(cleo.email),
      status,
      mostCalls: 2,
    },
  ];
}

function withGrace(paidThrough: Date): Date {
  return new Date(paidThrough.getTime() + graceDays * 24 * 60 * 60 * 1000);
}
