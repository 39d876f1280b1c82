// What a named life is, and the words its table is written in.

import type { CryptlexSandbox, SandboxLicense } from "../../../tools/cryptlex_sandbox/sandbox.ts";
import type { PriceTerms } from "../../../tools/stripe_sandbox/price.ts";
import type { PayloadShape, StripeEvent } from "../../../tools/stripe_sandbox/stripe_event.ts";
import type { StripeShop } from "../../../tools/stripe_sandbox/stripe_shop.ts";
import type { Policy } from "../../../functions/stripe-cryptlex/policy.ts";
import type { SoldAs } from "../deaths/story.ts";

/** A usable license as a life must end in. */
export type Has = {
  readonly product: string;
  /** Paid through, without the grace; null: for ever. */
  readonly paidThrough: Date | null;
  readonly activations?: number;
  readonly floatingClients?: number;
  readonly entitlementSet?: string;
};

/** Something an operator does in Cryptlex between two events. */
export type Hand = (sandbox: CryptlexSandbox) => void;

/** A life as it is told: everything that happens, in its natural order, and its end. */
export type Told = {
  readonly happens: readonly (StripeEvent | Hand | null)[];
  /** The licenses that can be used in the end. */
  readonly ends: readonly Has[];
  /** How many licenses were made in all, when told in order: no more is the same key. */
  readonly made: number;
  /** In the end something is parked. */
  readonly needsPerson?: boolean;
  /** What is true of all of them besides, in any order. */
  readonly also?: (licenses: readonly SandboxLicense[]) => void;
};

export type Life = {
  readonly name: string;
  readonly policy?: Partial<Policy>;
  /** What is sold by plans; by default `plans`. Null: everything is the setting's product. */
  readonly plans?: Readonly<Record<string, SoldAs>> | null;
  /** It ends so only where Stripe can be asked. */
  readonly needsStripe?: boolean;
  /** Of the events; default since Basil. */
  readonly shape?: PayloadShape;
  readonly tell: (shop: StripeShop) => Told;
};

const month = { product: "prod_app", interval: "month" } as const;

/** What the merchant sells, by price. */
export const prices = {
  basic: { ...month, price: "price_basic", amount: 1900 },
  pro: { ...month, price: "price_pro", amount: 4900 },
  yearly: { ...month, price: "price_yearly", amount: 19000, interval: "year" },
  suite: { ...month, price: "price_suite", product: "prod_suite", amount: 9900 },
  seats: { ...month, price: "price_seats", amount: 900 },
  clients: { ...month, price: "price_clients", amount: 900 },
  boxes: { ...month, price: "price_boxes", amount: 900 },
  addon: { ...month, price: "price_addon", product: "prod_addon", amount: 500 },
  metered: { ...month, price: "price_metered", amount: 10, usageType: "metered" },
} as const satisfies Record<string, PriceTerms>;

/** What each of them buys in Cryptlex. */
export const plans: Readonly<Record<string, SoldAs>> = {
  price_basic: { cryptlex_product_id: "product-app", entitlement_set_id: "set-basic" },
  price_pro: { cryptlex_product_id: "product-app", entitlement_set_id: "set-pro" },
  price_yearly: {
    cryptlex_product_id: "product-app",
    license_template_id: "yearly",
    entitlement_set_id: "set-basic",
  },
  price_suite: "product-pro",
  price_seats: {
    cryptlex_product_id: "product-app",
    seats: "activations",
    activations_per_unit: 2,
  },
  price_clients: { cryptlex_product_id: "product-app", seats: "floating_clients" },
  price_boxes: { cryptlex_product_id: "product-app", seats: "licenses" },
  price_packs: { cryptlex_product_id: "product-forever", seats: "licenses" },
  price_metered: "product-app",
  prod_addon: "product-a",
  prod_forever: "product-forever",
};
