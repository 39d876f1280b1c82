// Lives of which an event tells only a part: invoices and subscriptions longer than it lists, use that
// is billed afterwards, changes that only an invoice names.

import type { StripeEvent } from "../../../tools/stripe_sandbox/stripe_event.ts";
import type { Subscription } from "../../../tools/stripe_sandbox/subscription.ts";
import { type Life, prices } from "./life.ts";
import {
  ada,
  basicUntil,
  forever,
  inDays,
  opened,
  renewed,
  startedAt,
  subscribe,
} from "./sales.ts";

/** More than an event lists. */
const parts = Array.from({ length: 11 }, (_, n) => ({ ...prices.addon, price: `price_part_${n}` }));
const partPlans = { prod_addon: "product-a" };

export const billedLives: readonly Life[] = [
  {
    name: "a renewal whose invoice has twelve proration lines",
    tell(shop) {
      const sub = subscribe(shop);
      return {
        happens: [...opened(sub), ...changedSixTimes(sub), ...renewed(sub, 1)],
        ends: [basicUntil(sub.periodEnd(1))],
        made: 1,
      };
    },
  },
  {
    name: "a renewal whose invoice has twelve proration lines, and the next is not paid",
    tell(shop) {
      const sub = subscribe(shop);
      return {
        happens: [
          ...opened(sub),
          ...changedSixTimes(sub),
          ...renewed(sub, 1),
          sub.renewed(2),
          sub.paymentFailed(2),
          sub.updated({ at: inDays(62), status: "past_due" }),
        ],
        ends: [basicUntil(sub.periodEnd(1))],
        made: 1,
      };
    },
  },
  {
    name: "a renewal whose invoice has twelve proration lines, and no subscription's events",
    needsStripe: true,
    tell(shop) {
      const sub = subscribe(shop);
      changedSixTimes(sub);
      return {
        happens: [sub.checkoutCompleted(), sub.firstInvoicePaid(), sub.renewalPaid(1)],
        ends: [basicUntil(sub.periodEnd(1))],
        made: 1,
      };
    },
  },
  {
    name: "a renewal whose invoice has twelve proration lines, before Basil, cancelled and run out",
    shape: "acacia",
    policy: { onCancel: "expire" },
    tell(shop) {
      const sub = subscribe(shop);
      return {
        happens: [
          ...opened(sub),
          ...changedSixTimes(sub),
          ...renewed(sub, 1),
          sub.canceled({ at: inDays(40) }),
        ],
        ends: [basicUntil(sub.periodEnd(1))],
        made: 1,
      };
    },
  },
  {
    name: "a metered subscription through its first period",
    tell(shop) {
      const sub = subscribe(shop, { price: prices.metered });
      return {
        happens: opened(sub),
        ends: [{ product: "product-app", paidThrough: sub.periodEnd(0) }],
        made: 1,
      };
    },
  },
  {
    name: "a metered subscription through its first period, of which there is no invoice",
    tell(shop) {
      const sub = subscribe(shop, { price: prices.metered });
      return {
        happens: [sub.checkoutCompleted(), sub.subscriptionCreated()],
        ends: [{ product: "product-app", paidThrough: sub.periodEnd(0) }],
        made: 1,
      };
    },
  },
  {
    name: "a metered subscription of which only its invoices and Stripe tell",
    needsStripe: true,
    tell(shop) {
      const sub = subscribe(shop, { price: prices.metered });
      return {
        happens: [sub.firstInvoicePaid()],
        ends: [{ product: "product-app", paidThrough: sub.periodEnd(0) }],
        made: 1,
      };
    },
  },
  {
    name: "a metered subscription through three periods",
    tell(shop) {
      const sub = subscribe(shop, {
        price: prices.metered,
        startedAt: new Date("2026-01-10T10:00:00Z"),
      });
      return {
        happens: [...opened(sub), ...renewed(sub, 1), ...renewed(sub, 2)],
        ends: [{ product: "product-app", paidThrough: sub.periodEnd(2) }],
        made: 1,
      };
    },
  },
  {
    name: "a metered subscription whose second month of use is not paid",
    tell(shop) {
      const sub = subscribe(shop, { price: prices.metered });
      return {
        happens: [
          ...opened(sub),
          ...renewed(sub, 1),
          sub.renewed(2),
          sub.paymentFailed(2),
          sub.updated({ at: inDays(62), status: "past_due" }),
        ],
        ends: [{ product: "product-app", paidThrough: sub.periodEnd(1) }],
        made: 1,
      };
    },
  },
  {
    name: "a subscription with a partial item list",
    plans: partPlans,
    tell(shop) {
      const sub = subscribe(shop, { prices: parts });
      return {
        happens: [...opened(sub), ...renewed(sub, 1)],
        ends: parts.map(() => ({ product: "product-a", paidThrough: sub.periodEnd(1) })),
        made: parts.length,
      };
    },
  },
  {
    name: "a subscription with a partial item list, until an item is removed",
    plans: partPlans,
    tell(shop) {
      const sub = subscribe(shop, { prices: parts });
      const change = { item: 3, at: inDays(5), prorationBehavior: "create_prorations" } as const;
      return {
        happens: [...opened(sub), sub.removeItem(change).updated],
        ends: parts.slice(1).map(() => ({ product: "product-a", paidThrough: sub.periodEnd(0) })),
        made: parts.length,
      };
    },
  },
  {
    name: "an invoice written by hand with eleven lines: Stripe tells them all when asked",
    needsStripe: true,
    tell(shop) {
      const lines = parts.map(({ price }) => ({ price, product: "prod_forever", amount: 24900 }));
      return {
        happens: [shop.invoice({ ...ada, lines, at: startedAt }).paid()],
        ends: parts.map(() => forever),
        made: parts.length,
      };
    },
  },
  {
    name: "an upgrade that only its invoice tells",
    needsStripe: true,
    tell(shop) {
      const sub = subscribe(shop);
      const { invoicePaid } = sub.changePlan({
        to: prices.pro,
        at: inDays(10),
        prorationBehavior: "always_invoice",
      });
      return {
        happens: [...opened(sub), invoicePaid],
        ends: [{ ...basicUntil(sub.periodEnd(0)), entitlementSet: "set-pro" }],
        made: 1,
      };
    },
  },
];

/** Two lines each on the next invoice. */
function changedSixTimes(sub: Subscription): StripeEvent[] {
  const there = [prices.pro, prices.basic, prices.pro, prices.basic, prices.pro, prices.basic];
  return there.map((to, n) =>
    sub.changePlan({ to, at: inDays(2 + n), prorationBehavior: "create_prorations" }).updated
  );
}
