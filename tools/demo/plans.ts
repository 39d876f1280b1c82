// What a team buys, by the seat, and what it gets for it in Cryptlex. Data.

import { app, proSet, teamSet } from "../sample_account.ts";
import type { PriceTerms } from "../stripe_sandbox/price.ts";

const monthly = { product: "prod_app_team", interval: "month" } as const;

/** Prices in Stripe, each with its row below. */
export const appTeam = { ...monthly, price: "price_app_team", amount: 1500 } satisfies PriceTerms;
export const appPro = { ...monthly, price: "price_app_pro", amount: 2500 } satisfies PriceTerms;

/** A row of `licensing.plans`. */
export type PlanRow = {
  readonly stripe_id: string;
  readonly cryptlex_product_id: string;
  readonly entitlement_set_id: string;
  readonly seats: "activations";
};

/** One product, two entitlement sets; as many activations as seats. */
export const plans: readonly PlanRow[] = [
  planRow(appTeam.price, teamSet.id),
  planRow(appPro.price, proSet.id),
];

function planRow(stripeId: string, entitlementSetId: string): PlanRow {
  return {
    stripe_id: stripeId,
    cryptlex_product_id: app.id,
    entitlement_set_id: entitlementSetId,
    seats: "activations",
  };
}
