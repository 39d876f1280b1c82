// What is sold in whole lives, and what it buys in Cryptlex.

import type { Catalog } from "../../../functions/stripe-cryptlex/line_mapping.ts";
import { ignoredSeats, type Seats } from "../../../functions/stripe-cryptlex/seats.ts";
import type { PriceTerms } from "../../../tools/stripe_sandbox/price.ts";

const month = { product: "prod_app", interval: "month", amount: 1000 } as const;

export const wholePrices = {
  basic: { ...month, price: "price_basic" },
  pro: { ...month, price: "price_pro", amount: 3000 },
  suite: { ...month, price: "price_suite", product: "prod_suite", amount: 5000 },
  seats: { ...month, price: "price_seats" },
  boxes: { ...month, price: "price_boxes" },
  addon: { ...month, price: "price_addon", product: "prod_addon", amount: 500 },
} as const satisfies Record<string, PriceTerms>;

const planOf = (
  stripeId: string,
  cryptlexProductId: string,
  { entitlementSetId = null, mode = "ignore" }: {
    entitlementSetId?: string | null;
    mode?: Seats["mode"];
  } = {},
) => ({
  stripeId,
  cryptlexProductId,
  licenseTemplateId: null,
  entitlementSetId,
  seats: { ...ignoredSeats, mode },
});

export const wholeCatalog: Catalog = {
  hasPlans: true,
  productId: null,
  plans: [
    planOf("price_basic", "product-app", { entitlementSetId: "set-basic" }),
    planOf("price_pro", "product-app", { entitlementSetId: "set-pro" }),
    planOf("price_suite", "product-suite"),
    planOf("price_seats", "product-app", { mode: "activations" }),
    planOf("price_boxes", "product-app", { mode: "licenses" }),
    planOf("price_addon", "product-addon"),
  ],
};

/** Every product of it, and every set: one is never sold. */
export const wholeProducts = ["product-app", "product-suite", "product-addon"];
export const wholeSets = ["set-basic", "set-pro", "set-gift"];
