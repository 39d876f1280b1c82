// Stories that workers are to die in: what is sold, what Stripe tells in which order, and what the
// buyer must have in the end.

import type { CryptlexSandbox, SandboxOptions } from "../../../tools/cryptlex_sandbox/sandbox.ts";
import type { StripeEvent } from "../../../tools/stripe_sandbox/stripe_event.ts";
import { createStripeShop } from "../../../tools/stripe_sandbox/stripe_shop.ts";

/** What a row of `licensing.plans` says of a price or product; a text is the Cryptlex product alone. */
export type SoldAs = string | {
  readonly cryptlex_product_id: string;
  readonly license_template_id?: string;
  readonly entitlement_set_id?: string;
  readonly seats?: "ignore" | "activations" | "floating_clients" | "licenses";
  readonly activations_per_unit?: number;
};

/** What an operator does in Cryptlex once so many events were told, and all is done. */
export type ByHand = { readonly after: number; act(sandbox: CryptlexSandbox): void };

/** What Stripe tells, and what is sold. */
export type Told = {
  /** In the order of their delivery. */
  readonly events: readonly StripeEvent[];
  /** By Stripe's price or product; without any everything sold is `app`. */
  readonly plans?: Readonly<Record<string, SoldAs>>;
  readonly byHand?: readonly ByHand[];
  /** What is in Cryptlex before; by default `catalogue`. */
  readonly account?: SandboxOptions;
};

export type Story = Told & {
  readonly name: string;
  /** What is usable in the end: product and paid time, grace included; null: for ever. */
  readonly ends: readonly { readonly product: string; readonly until: Date | null }[];
};

export const app = { id: "product-app", name: "App", licenseTemplateId: "monthly" };
export const pro = { id: "product-pro", name: "Pro", licenseTemplateId: "yearly" };
export const forever = { id: "product-forever", name: "Forever", licenseTemplateId: "perpetual" };

/** What a merchant's Cryptlex account has; the lives of any_life.ts sell the last three. */
export const catalogue = {
  products: [
    app,
    pro,
    forever,
    ...["a", "m", "n"].map((letter) => ({
      id: `product-${letter}`,
      name: letter,
      licenseTemplateId: "monthly",
    })),
  ],
  licenseTemplates: [
    { id: "monthly", name: "Monthly", subscriptionInterval: "P1M" },
    { id: "yearly", name: "Yearly", subscriptionInterval: "P1Y" },
    { id: "perpetual", name: "Perpetual", subscriptionInterval: "" },
  ],
  entitlementSets: [
    { id: "set-n", name: "N", productIds: ["product-m", "product-n"] },
    { id: "set-basic", name: "Basic", productIds: ["product-app"] },
    { id: "set-pro", name: "Pro", productIds: ["product-app"] },
  ],
} satisfies SandboxOptions;

export const graceDays = 3;

const basic = {
  price: "price_basic",
  product: "prod_a",
  amount: 1900,
  interval: "month",
} as const;
const better = { ...basic, price: "price_better", amount: 4900 } as const;

const subscribe = (options: { start: string; sessionMetadata?: Record<string, string> }) =>
  createStripeShop().subscribe({
    ...options,
    email: "ada@example.com",
    name: "Ada",
    price: basic,
    startedAt: new Date(`${options.start}T10:00:00Z`),
  });

function until(end: Date): Date {
  return new Date(end.getTime() + graceDays * 24 * 60 * 60 * 1000);
}

function sale(): Story {
  const bought = subscribe({ start: "2026-06-10" });
  return {
    name: "a sale to a new buyer, the session first",
    events: [bought.checkoutCompleted(), bought.firstInvoicePaid()],
    ends: [{ product: app.id, until: until(bought.periodEnd(0)) }],
  };
}

function saleTurnedRound(): Story {
  const told = sale();
  return {
    ...told,
    name: "a sale to a new buyer, the first invoice first",
    events: told.events.toReversed(),
  };
}

/** Paid to the 28th of February, then to the 30th of March: a month later would be the 28th. */
function renewal(): Story {
  const bought = subscribe({ start: "2026-01-30" });
  return {
    name: "a renewal that needs its date corrected",
    events: [bought.checkoutCompleted(), bought.firstInvoicePaid(), bought.renewalPaid(1)],
    ends: [{ product: app.id, until: until(bought.periodEnd(1)) }],
  };
}

function planChange(): Story {
  const bought = subscribe({ start: "2026-06-10" });
  const changed = bought.changePrice({
    at: new Date("2026-06-20T10:00:00Z"),
    to: better,
    prorationBehavior: "always_invoice",
  });
  return {
    name: "a change of plan that makes a new license and ends the old",
    plans: { [basic.price]: app.id, [better.price]: pro.id },
    events: [bought.checkoutCompleted(), bought.firstInvoicePaid(), changed],
    ends: [{ product: pro.id, until: until(bought.periodEnd(0)) }],
  };
}

/** Cryptlex reckons the date anew, from the start; nothing was paid for that. */
function intervalChange(from: "month" | "year", to: "month" | "year"): Story {
  const price = (interval: "month" | "year") =>
    ({ ...basic, price: `price_${interval}`, interval }) as const;
  const bought = createStripeShop().subscribe({
    email: "ada@example.com",
    name: "Ada",
    price: price(from),
    startedAt: new Date("2026-06-10T10:00:00Z"),
  });
  const paidThrough = bought.periodEnd(0);
  const { updated } = bought.changePlan({
    at: new Date("2026-06-20T10:00:00Z"),
    to: price(to),
    prorationBehavior: "none",
  });
  return {
    name: `from ${from} to ${to}, where that moves a date`,
    account: { ...catalogue, switches: { subscriptionPatch: "moves_expiry" } },
    plans: {
      price_month: app.id,
      price_year: { cryptlex_product_id: app.id, license_template_id: "yearly" },
    },
    events: [bought.checkoutCompleted(), bought.firstInvoicePaid(), updated],
    ends: [{ product: app.id, until: until(paidThrough) }],
  };
}

function laterPaidOrder(): Story {
  const bought = createStripeShop().buy({
    email: "ada@example.com",
    name: "Ada",
    amount: 24900,
    paymentStatus: "unpaid",
    metadata: { CRYPTLEX_PRODUCT_ID: forever.id },
    at: new Date("2026-06-10T10:00:00Z"),
  });
  return {
    name: "an order paid days later",
    events: [bought.completed(), bought.asyncPaymentSucceeded()],
    ends: [{ product: forever.id, until: null }],
  };
}

function severalKeys(): Story {
  const billed = createStripeShop().invoice({
    email: "ada@example.com",
    name: "Ada",
    lines: [{ price: "price_packs", amount: 4900, quantity: 3 }],
    at: new Date("2026-06-10T10:00:00Z"),
  });
  const key = { product: forever.id, until: null };
  return {
    name: "an invoice for three keys",
    plans: { price_packs: { cryptlex_product_id: forever.id, seats: "licenses" } },
    events: [billed.paid()],
    ends: [key, key, key],
  };
}

function lateSession(): Story {
  const bought = subscribe({
    start: "2026-06-10",
    sessionMetadata: { CRYPTLEX_PRODUCT_ID: pro.id },
  });
  return {
    name: "a late session that names another product, and a renewal",
    events: [bought.firstInvoicePaid(), bought.checkoutCompleted(), bought.renewalPaid(1)],
    ends: [{ product: pro.id, until: until(bought.periodEnd(1)) }],
  };
}

/** Made anew at each call: a shop remembers what it sold. */
export function stories(): Story[] {
  return [
    sale(),
    saleTurnedRound(),
    renewal(),
    planChange(),
    intervalChange("month", "year"),
    intervalChange("year", "month"),
    laterPaidOrder(),
    severalKeys(),
    lateSession(),
  ];
}
