// Whole lives of purchases as Stripe tells them: every event and its facts, in their natural order.

import fc from "fast-check";
import type { Purchase } from "../../../functions/stripe-cryptlex/purchase.ts";
import type { StripeEvent } from "../../../tools/stripe_sandbox/stripe_event.ts";
import { createStripeShop, type StripeShop } from "../../../tools/stripe_sandbox/stripe_shop.ts";
import type { Subscription } from "../../../tools/stripe_sandbox/subscription.ts";
import type { SubscribeOptions } from "../../../tools/stripe_sandbox/subscription_opening.ts";
import { factsOf } from "./facts_of.ts";

export type Life = {
  readonly purchaseId: string;
  readonly events: readonly StripeEvent[];
  /** Of each event. */
  readonly facts: readonly Purchase[];
};

/** The prices the lives are about. */
export const prices = ["price_basic", "price_pro", "price_addon"] as const;

const startedAt = new Date("2026-01-31T10:00:00Z");
const moneyBackAt = new Date("2026-11-20T10:00:00Z");
const dayMs = 24 * 60 * 60 * 1000;
const metadata = fc.constantFrom({}, { CRYPTLEX_PRODUCT_ID: "product-m" }, {
  CRYPTLEX_PRODUCT_ID: "product-n",
  CRYPTLEX_ENTITLEMENT_SET_ID: "set-n",
});
const shop = fc.record({ shape: fc.constantFrom("basil", "acacia"), seed: fc.nat(999) })
  .map(createStripeShop);
const payment = fc.constantFrom("at once", "later", "never");

const subscription: fc.Arbitrary<Life> = fc.record({
  shop,
  payment,
  interval: fc.constantFrom("month", "year"),
  addon: fc.boolean(),
  trialDays: fc.constantFrom(0, 14),
  sessionMetadata: metadata,
  subscriptionMetadata: metadata,
  lineMetadata: metadata,
  renewals: fc.integer({ min: 0, max: 4 }),
  endsAfterDays: fc.option(fc.integer({ min: 130, max: 200 })),
  change: fc.option(
    fc.record({
      afterDays: fc.integer({ min: 20, max: 90 }),
      interval: fc.constantFrom("month", "year"),
      prorationBehavior: fc.constantFrom("always_invoice", "create_prorations"),
    }),
  ),
}).map(
  (
    { shop, payment, interval, addon, renewals, change, endsAfterDays, trialDays, ...metadatas },
  ) => {
    const addonPrice = { price: "price_addon", product: "prod_b", amount: 500, interval } as const;
    const options: SubscribeOptions = {
      ...metadatas,
      email: "ada@example.com",
      startedAt,
      trialDays,
      prices: [
        { price: "price_basic", product: "prod_a", amount: 1000, interval },
        ...(addon ? [addonPrice] : []),
      ],
      ...(payment === "at once" ? {} : { paymentStatus: "unpaid" }),
    };
    const bought = shop.subscribe(options);
    const opening = [...sessionEvents(bought, payment), bought.firstInvoicePaid()];
    const events = [bought.subscriptionCreated(), ...opening];
    if (change !== null) {
      const { afterDays, ...how } = change;
      const { updated, invoicePaid } = bought.changePlan({
        at: new Date(startedAt.getTime() + afterDays * dayMs),
        to: { price: "price_pro", product: "prod_a", amount: 3000, interval: how.interval },
        prorationBehavior: how.prorationBehavior,
      });
      events.push(updated, ...(invoicePaid === null ? [] : [invoicePaid]));
    }
    for (let n = 1; n <= renewals; n++) events.push(bought.renewed(n), bought.renewalPaid(n));
    if (endsAfterDays !== null) {
      events.push(bought.canceled({ at: new Date(startedAt.getTime() + endsAfterDays * dayMs) }));
    }
    return lifeOf(bought.id, payment === "never" ? opening.slice(0, 2) : events);
  },
);

const order: fc.Arbitrary<Life> = fc.record({
  shop,
  payment,
  metadata,
  withInvoice: fc.boolean(),
  refunds: fc.constantFrom<number[]>([], [4000], [4000, 5900], [9900]),
  dispute: fc.constantFrom(null, "won", "lost"),
}).map(({ shop, payment, refunds, dispute, ...options }) => {
  const bought = shop.buy({
    ...options,
    email: "ada@example.com",
    amount: 9900,
    price: "price_basic",
    product: "prod_a",
    paymentStatus: payment === "at once" ? "paid" : "unpaid",
  });
  const invoice = options.withInvoice && payment !== "never" ? [bought.invoicePaid()] : [];
  const opening = { ...bought, checkoutCompleted: bought.completed };
  const events = [...sessionEvents(opening, payment), ...invoice];
  if (payment === "never") return lifeOf(bought.id, events);
  const paid = bought.payment();
  for (const amount of refunds) {
    const refund = paid.refund({ at: moneyBackAt, amount });
    events.push(refund.chargeRefunded(), refund.created());
  }
  if (dispute !== null) {
    const disputed = paid.dispute({ at: moneyBackAt });
    events.push(disputed.created(), disputed.closed({ status: dispute, at: moneyBackAt }));
  }
  return lifeOf(bought.id, events);
});

const invoice: fc.Arbitrary<Life> = fc.record({ shop, metadata, lineMetadata: metadata })
  .map(({ shop, metadata, lineMetadata }) => {
    const terms = { product: "prod_a", amount: 700, metadata: lineMetadata };
    const written = (shop as StripeShop).invoice({
      metadata,
      email: "ada@example.com",
      lines: [{ ...terms, price: "price_basic" }, { ...terms, price: "price_pro" }],
    });
    return lifeOf(written.id, [written.paid()]);
  });

export const anyLife: fc.Arbitrary<Life> = fc.oneof(subscription, subscription, order, invoice);

function sessionEvents(
  bought: Pick<
    Subscription,
    "checkoutCompleted" | "asyncPaymentSucceeded" | "asyncPaymentFailed"
  >,
  payment: "at once" | "later" | "never",
): StripeEvent[] {
  switch (payment) {
    case "at once":
      return [bought.checkoutCompleted()];
    case "later":
      return [bought.checkoutCompleted(), bought.asyncPaymentSucceeded()];
    case "never":
      return [bought.checkoutCompleted(), bought.asyncPaymentFailed()];
  }
}

function lifeOf(purchaseId: string, events: readonly StripeEvent[]): Life {
  return { purchaseId, events, facts: events.map((event) => factsOf(event).facts) };
}
