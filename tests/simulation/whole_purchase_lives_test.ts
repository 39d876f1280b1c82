// Lives in which one license stands for several items, or several for none: what it covers, what is
// added beside it, what was there before us.

import { strict as assert } from "node:assert";
import type { StripeShop } from "../../tools/stripe_sandbox/stripe_shop.ts";
import type { Subscription } from "../../tools/stripe_sandbox/subscription.ts";
import type { SubscribeOptions } from "../../tools/stripe_sandbox/subscription_opening.ts";
import { DAY, later } from "../../tools/stripe_sandbox/unix_time.ts";
import { livesTest } from "./lives/live.ts";
import { graceDays } from "./deaths/story.ts";
import { type Hand, type Has, type Life, plans, prices } from "./lives/life.ts";
import { inDays, opened, renewed, subscribe } from "./lives/sales.ts";

/** Nothing else is sold by plan. */
const only = (price: string) =>
  Object.fromEntries(Object.entries(plans).filter(([stripeId]) => stripeId === price));
// With the set its plan has: a set that was given stays where the nearer terms name none.
const app = { CRYPTLEX_PRODUCT_ID: "product-app", CRYPTLEX_ENTITLEMENT_SET_ID: "set-basic" };
const ofItsOwn = { CRYPTLEX_PRODUCT_ID: "product-a" };
const at = inDays(5);

/** Only for the order of what comes after it: what was told before has come to its end. */
const everythingIsSettled: Hand = () => {};

const has = (product: string, paidThrough: Date, entitlementSet?: string): Has => ({
  product,
  paidThrough,
  ...(entitlementSet === undefined ? {} : { entitlementSet }),
});

const entitlementSet = app.CRYPTLEX_ENTITLEMENT_SET_ID;

/** What says that the license is one for the whole purchase. */
const wholes: readonly {
  name: string;
  plans: Life["plans"];
  options: Partial<SubscribeOptions>;
  entitlementSet?: string;
}[] = [
  { name: "the setting", plans: null, options: {} },
  { name: "the session's metadata", plans, options: { sessionMetadata: app }, entitlementSet },
  {
    name: "the subscription's metadata",
    plans,
    options: { subscriptionMetadata: app },
    entitlementSet,
  },
];

/** What says that the add-on is a license of its own. */
const owns = [
  { name: "its item's metadata", price: { ...prices.addon, itemMetadata: ofItsOwn } },
  { name: "its price's metadata", price: { ...prices.addon, metadata: ofItsOwn } },
  { name: "a plan", price: prices.addon },
];

const addOns: Life[] = wholes.flatMap((whole) =>
  owns.filter(({ name }) => name !== "a plan" || whole.plans !== null).map((own): Life => ({
    name: `an add-on by ${own.name} beside a license for the whole by ${whole.name}`,
    plans: whole.plans ?? null,
    tell(shop) {
      const sub = subscribe(shop, whole.options);
      const { updated, invoicePaid } = sub.addItem({
        price: own.price,
        at,
        prorationBehavior: "always_invoice",
      });
      return {
        happens: [...opened(sub), updated, invoicePaid, ...renewed(sub, 1)],
        ends: [
          has("product-a", sub.periodEnd(1)),
          has("product-app", sub.periodEnd(1), whole.entitlementSet),
        ],
        made: 2,
      };
    },
  }))
);

const lateMetadata: Life[] = wholes.map((whole) => ({
  name: `late metadata on an old item changes nothing, of a license by ${whole.name}`,
  plans: whole.plans === null ? null : only("price_basic"),
  tell(shop) {
    const sub = subscribe(shop, whole.options);
    const added = sub.addItem({ price: prices.addon, at, prorationBehavior: "always_invoice" });
    const says = (item: number, price: typeof prices.basic | typeof prices.addon, days: number) =>
      sub.changePlan({
        to: { ...price, itemMetadata: ofItsOwn },
        item,
        at: inDays(days),
        prorationBehavior: "none",
      });
    return {
      happens: [
        ...opened(sub),
        added.updated,
        added.invoicePaid,
        everythingIsSettled,
        says(0, prices.basic, 7).updated,
        says(1, prices.addon, 8).updated,
        ...renewed(sub, 1),
      ],
      ends: [has("product-app", sub.periodEnd(1), whole.entitlementSet)],
      made: 1,
    };
  },
}));

const removals: Life[] = [
  {
    name: "an item that nothing maps takes nothing of the one it was beside",
    plans: only("price_basic"),
    tell(shop) {
      const sub = subscribe(shop, { prices: [prices.basic, prices.addon] });
      const { updated } = sub.removeItem({ item: 0, at, prorationBehavior: "none" });
      return { happens: [...opened(sub), updated], ends: [], made: 1 };
    },
  },
  {
    name: "neither does one that was added meanwhile",
    plans: only("price_basic"),
    tell(shop) {
      const sub = subscribe(shop);
      const added = sub.addItem({
        price: prices.addon,
        at: inDays(2),
        prorationBehavior: "always_invoice",
      });
      const { updated } = sub.removeItem({ item: 0, at, prorationBehavior: "none" });
      return {
        happens: [...opened(sub), added.updated, added.invoicePaid, updated],
        ends: [],
        made: 1,
      };
    },
  },
  {
    name: "what came instead of an item keeps its license, though nothing maps it",
    plans: only("price_basic"),
    tell(shop) {
      const sub = subscribe(shop);
      const added = sub.addItem({ price: prices.addon, at, prorationBehavior: "none" });
      const removed = sub.removeItem({ item: 0, at, prorationBehavior: "none" });
      return {
        // Of one request Stripe tells once, when all of it is done.
        happens: [...opened(sub), everythingIsSettled, removed.updated],
        ends: [has("product-app", sub.periodEnd(0), "set-basic")],
        made: 1,
        also: () => assert.notEqual(added.updated.id, removed.updated.id),
      };
    },
  },
  {
    name: "a removed add-on was paid for: a license for the whole lasts that long",
    plans: null,
    tell(shop) {
      const sub = subscribe(shop);
      const added = sub.addItem({
        price: { ...prices.addon, interval: "year" },
        at,
        prorationBehavior: "always_invoice",
      });
      const { updated } = sub.removeItem({
        item: 1,
        at: inDays(9),
        prorationBehavior: "none",
      });
      return {
        happens: [...opened(sub), added.updated, added.invoicePaid, updated],
        ends: [has("product-app", new Date("2027-06-10T10:00:00Z"))],
        made: 1,
      };
    },
  },
];

/** Cryptlex's own script sold this before. */
const byScript = (sub: Subscription, ...products: string[]): Hand => (sandbox) => {
  for (const productId of products) {
    sandbox.seedLicense({
      productId,
      expiresAt: sub.periodEnd(0).toISOString(),
      subscriptionInterval: "P1M",
      metadata: [{ key: "stripe_subscription_id", value: sub.id }],
    });
  }
};

/** As the script left it: not a day more. */
const asFound = (sub: Subscription): Has =>
  has("product-n", later(sub.periodEnd(0), -graceDays * DAY));

const twoOfTheScript = (shop: StripeShop) => {
  const sub = subscribe(shop, { sessionMetadata: app });
  return { sub, adopted: byScript(sub, "product-app", "product-n") };
};

const adopted: Life[] = [
  {
    name: "two licenses of the official script, of which the session names one",
    tell(shop) {
      const { sub, adopted } = twoOfTheScript(shop);
      return {
        happens: [adopted, ...renewed(sub, 1), ...renewed(sub, 2)],
        ends: [has("product-app", sub.periodEnd(2)), asFound(sub)],
        made: 2,
      };
    },
  },
  {
    name: "two licenses of the official script for two items, each of a product of its own",
    tell(shop) {
      const sub = subscribe(shop, { prices: [prices.basic, prices.addon] });
      return {
        happens: [
          byScript(sub, "product-app", "product-a"),
          ...renewed(sub, 1),
          ...renewed(sub, 2),
        ],
        ends: [has("product-app", sub.periodEnd(2)), has("product-a", sub.periodEnd(2))],
        made: 2,
      };
    },
  },
  {
    name: "two licenses of the official script, of which the session names one, cancelled",
    tell(shop) {
      const { sub, adopted } = twoOfTheScript(shop);
      const canceled = sub.canceled({ at: sub.periodEnd(1) });
      return { happens: [adopted, ...renewed(sub, 1), canceled], ends: [], made: 2 };
    },
  },
  {
    name: "two licenses of the official script, of which one is named, unpaid and paid again",
    tell(shop) {
      const { sub, adopted } = twoOfTheScript(shop);
      return {
        happens: [
          adopted,
          ...renewed(sub, 1),
          sub.updated({ at: inDays(40), status: "unpaid" }),
          (sandbox) => assert.ok(sandbox.licenses().every(({ suspended }) => suspended)),
          sub.updated({ at: inDays(41), status: "active" }),
        ],
        ends: [has("product-app", sub.periodEnd(1)), asFound(sub)],
        made: 2,
      };
    },
  },
  {
    name: "a license of the official script, of a quantity of 0, cancelled",
    tell(shop) {
      const sub = subscribe(shop);
      const none = sub.changeQuantity({ quantity: 0, at: inDays(40), prorationBehavior: "none" });
      return {
        happens: [
          byScript(sub, "product-app"),
          ...renewed(sub, 1),
          none.updated,
          everythingIsSettled,
          sub.canceled({ at: sub.periodEnd(1) }),
        ],
        ends: [],
        made: 1,
      };
    },
  },
  {
    name: "adopted doubles with plans",
    plans: only("price_seats"),
    tell(shop) {
      const sub = subscribe(shop, { price: { ...prices.seats, quantity: 3 } });
      // Their counts are as found: plans, and edits of them, serve what is made.
      const one = has("product-app", sub.periodEnd(1));
      return {
        happens: [byScript(sub, "product-app", "product-app"), ...renewed(sub, 1)],
        ends: [one, one],
        made: 2,
      };
    },
  },
  {
    name: "an add-on of its own beside adopted doubles",
    tell(shop) {
      const sub = subscribe(shop);
      const { updated, invoicePaid } = sub.addItem({
        price: prices.addon,
        at: inDays(35),
        prorationBehavior: "always_invoice",
      });
      const app = has("product-app", sub.periodEnd(2));
      return {
        happens: [
          byScript(sub, "product-app", "product-app"),
          ...renewed(sub, 1),
          updated,
          invoicePaid,
          ...renewed(sub, 2),
        ],
        ends: [has("product-a", sub.periodEnd(2)), app, app],
        made: 3,
      };
    },
  },
];

livesTest("the lives of what stands for a whole purchase", [
  ...addOns,
  ...lateMetadata,
  ...removals,
  ...adopted,
]);
