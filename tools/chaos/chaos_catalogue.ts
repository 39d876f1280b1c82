// What the merchant of a chaos run sells, and what each is in Cryptlex. Data only.

import type { SandboxOptions } from "../cryptlex_sandbox/sandbox.ts";
import type { PriceTerms } from "../stripe_sandbox/price.ts";

export const app = { id: "product-app", name: "App", licenseTemplateId: "template-monthly" };
export const pro = { id: "product-pro", name: "Pro", licenseTemplateId: "template-yearly" };
export const team = { id: "product-team", name: "Team", licenseTemplateId: "template-monthly" };
export const box = { id: "product-box", name: "Box", licenseTemplateId: "template-monthly" };
export const site = { id: "product-site", name: "Site", licenseTemplateId: "template-monthly" };
export const extra = { id: "product-extra", name: "Extra", licenseTemplateId: "template-yearly" };
export const usage = { id: "product-usage", name: "Usage", licenseTemplateId: "template-monthly" };
export const forever = {
  id: "product-forever",
  name: "Forever",
  licenseTemplateId: "template-perpetual",
};

/** What every template gives a license for which nothing counts. */
export const templateCounts = { allowedActivations: 1, allowedFloatingClients: 0 };

/** The Cryptlex account before anything is sold. */
export const account = {
  products: [app, pro, team, box, site, extra, usage, forever],
  licenseTemplates: [
    { id: "template-monthly", subscriptionInterval: "P1M", ...templateCounts },
    { id: "template-yearly", subscriptionInterval: "P1Y", ...templateCounts },
    { id: "template-perpetual", subscriptionInterval: "", ...templateCounts },
  ],
  entitlementSets: [
    { id: "set-basic", productIds: [app.id] },
    { id: "set-plus", productIds: [app.id] },
    { id: "set-team", productIds: [team.id] },
    { id: "set-squad", productIds: [team.id] },
  ],
} satisfies SandboxOptions;

const ofApp = { product: "prod_ChaosApp", interval: "month" } as const;
const ofLite = { product: "prod_ChaosLite", interval: "month" } as const;
const ofAddOn = { product: "prod_ChaosAddOn", interval: "month" } as const;

/** Stripe's prices; every one is mapped by a plan, where there are plans. */
export const prices = {
  monthly: { ...ofApp, price: "price_ChaosMonthly", amount: 1900 },
  plus: { ...ofApp, price: "price_ChaosPlus", amount: 2900 },
  annual: { ...ofApp, price: "price_ChaosAnnual", amount: 19000, interval: "year" },
  yearly: { ...ofApp, price: "price_ChaosYearly", amount: 24000, interval: "year" },
  lite: { ...ofLite, price: "price_ChaosLite", amount: 900 },
  team: { ...ofApp, price: "price_ChaosTeam", amount: 700 },
  squad: { ...ofApp, price: "price_ChaosSquad", amount: 1100 },
  boxes: { ...ofApp, price: "price_ChaosBoxes", amount: 500 },
  clients: { ...ofApp, price: "price_ChaosClients", amount: 300 },
  addOn: { ...ofAddOn, price: "price_ChaosAddOn", amount: 400 },
  metered: { ...ofApp, price: "price_ChaosMetered", amount: 3, usageType: "metered", quantity: 40 },
} as const satisfies Record<string, PriceTerms>;

/** One-time prices are known by their product alone. */
export const oneTimeProduct = "prod_ChaosLite";

/** A row of `licensing.plans`; what is left out is null there. */
export type PlanRow = {
  readonly stripeId: string;
  readonly productId: string;
  readonly templateId?: string;
  readonly entitlementSetId?: string;
  /** What a unit means; default `ignore`. */
  readonly seats?: "activations" | "floating_clients" | "licenses";
  readonly perUnit?: number;
};

/**
 * By price, and by product. All rows of one Cryptlex product count alike and all of them or none name
 * a set: a count or set that is there is not taken away by a row that says nothing of it.
 */
export const plans: readonly PlanRow[] = [
  { stripeId: prices.monthly.price, productId: app.id, entitlementSetId: "set-basic" },
  { stripeId: prices.plus.price, productId: app.id, entitlementSetId: "set-plus" },
  {
    stripeId: prices.annual.price,
    productId: app.id,
    templateId: "template-yearly",
    entitlementSetId: "set-basic",
  },
  { stripeId: prices.yearly.price, productId: pro.id },
  {
    stripeId: prices.team.price,
    productId: team.id,
    entitlementSetId: "set-team",
    seats: "activations",
    perUnit: 2,
  },
  {
    stripeId: prices.squad.price,
    productId: team.id,
    entitlementSetId: "set-squad",
    seats: "activations",
    perUnit: 3,
  },
  { stripeId: prices.boxes.price, productId: box.id, seats: "licenses" },
  { stripeId: prices.clients.price, productId: site.id, seats: "floating_clients", perUnit: 5 },
  { stripeId: prices.metered.price, productId: usage.id },
  { stripeId: oneTimeProduct, productId: pro.id },
  { stripeId: prices.addOn.product, productId: extra.id },
];
