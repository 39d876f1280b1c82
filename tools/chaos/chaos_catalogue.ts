// What the merchant of a chaos run sells, and what each is in Cryptlex. Data only.

import type { SandboxOptions } from "../cryptlex_sandbox/sandbox.ts";

export const app = { id: "product-app", name: "App", licenseTemplateId: "template-monthly" };
export const pro = { id: "product-pro", name: "Pro", licenseTemplateId: "template-yearly" };
export const forever = {
  id: "product-forever",
  name: "Forever",
  licenseTemplateId: "template-perpetual",
};

/** The Cryptlex account before anything is sold. */
export const account = {
  products: [app, pro, forever],
  licenseTemplates: [
    { id: "template-monthly", name: "Monthly", subscriptionInterval: "P1M" },
    { id: "template-yearly", name: "Yearly", subscriptionInterval: "P1Y" },
    { id: "template-perpetual", name: "Perpetual", subscriptionInterval: "" },
  ],
} satisfies SandboxOptions;

/** Stripe's prices; every one is mapped by a plan, where there are plans. */
export const prices = {
  monthly: {
    price: "price_ChaosMonthly",
    product: "prod_ChaosApp",
    amount: 1900,
    interval: "month",
  },
  yearly: { price: "price_ChaosYearly", product: "prod_ChaosApp", amount: 19000, interval: "year" },
  lite: { price: "price_ChaosLite", product: "prod_ChaosLite", amount: 900, interval: "month" },
} as const;

/** One-time prices are known by their product alone. */
export const oneTimeProduct = "prod_ChaosLite";

export type PlanRow = { readonly stripeId: string; readonly productId: string };

/** Rows of `licensing.plans`: by price, and by product. */
export const plans: readonly PlanRow[] = [
  { stripeId: prices.monthly.price, productId: app.id },
  { stripeId: prices.yearly.price, productId: pro.id },
  { stripeId: oneTimeProduct, productId: pro.id },
];
