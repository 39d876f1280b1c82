// What the model's tests have in common: one purchase told to it, and what it says of that.

import assert from "node:assert/strict";
import { app, plans, prices } from "../../../../tools/chaos/chaos_catalogue.ts";
import {
  expectedLicenses,
  type ExpectedPurchase,
  type ModelOptions,
} from "../../../../tools/chaos/model/expected_licenses.ts";
import type { StripeEvent } from "../../../../tools/stripe_sandbox/stripe_event.ts";
import { createStripeShop } from "../../../../tools/stripe_sandbox/stripe_shop.ts";
import type { Subscription } from "../../../../tools/stripe_sandbox/subscription.ts";
import type { SubscribeOptions } from "../../../../tools/stripe_sandbox/subscription_opening.ts";
import { DAY, later } from "../../../../tools/stripe_sandbox/unix_time.ts";

export const bySetting: ModelOptions = {
  plans: [],
  policy: { onCancel: "revoke", onRefund: "revoke", onDispute: "suspend" },
  defaultProductId: app.id,
  graceDays: 3,
};
export const byPlans: ModelOptions = { ...bySetting, plans };

export const buyer = { email: "Ann@Example.com", name: "Ann" };
export const startedAt = new Date("2026-01-31T10:00:00Z");
export const inDays = (days: number): Date => later(startedAt, days * DAY);

export type Shape = "basil" | "acacia";
export const shapes: readonly Shape[] = ["basil", "acacia"];

export function subscribe(
  options: Partial<SubscribeOptions> = {},
  shape: Shape = "basil",
): Subscription {
  return createStripeShop({ shape })
    .subscribe({ ...buyer, price: prices.monthly, startedAt, ...options });
}

export const opened = (sale: Subscription): StripeEvent[] => [
  sale.checkoutCompleted(),
  sale.subscriptionCreated(),
  sale.firstInvoicePaid(),
];

type Events = readonly (StripeEvent | null)[];

/** The one purchase these events tell of, the same backwards. */
export function only(events: Events, options: ModelOptions = byPlans): ExpectedPurchase {
  const told = events.filter((event) => event !== null);
  const [purchase, ...others] = expectedLicenses(told, options);
  assert.ok(purchase);
  assert.deepEqual(others, []);
  const [backwards] = expectedLicenses(told.toReversed(), options);
  assert.deepEqual(backwards?.licenses.map(shown).sort(), purchase.licenses.map(shown).sort());
  return purchase;
}

/** Its usable licenses: product, day, and what it has besides; in order. */
export function usable(events: Events, options?: ModelOptions): string[] {
  return only(events, options).licenses.map(shown).sort();
}

function shown(license: ExpectedPurchase["licenses"][number]): string {
  const { productId, until, entitlementSetId } = license;
  return [
    productId.replace("product-", ""),
    until === "template" ? until : until.toISOString().slice(0, 10),
    entitlementSetId?.replace("set-", ""),
    license.allowedActivations !== 1 && `${license.allowedActivations} activations`,
    license.allowedFloatingClients !== 0 && `${license.allowedFloatingClients} clients`,
  ].filter(Boolean).join(" ");
}
