// The model: who may own what.

import assert from "node:assert/strict";
import { expectedBuyers } from "../../../../tools/chaos/model/expected_buyers.ts";
import { expectedLicenses } from "../../../../tools/chaos/model/expected_licenses.ts";
import type { StripeEvent } from "../../../../tools/stripe_sandbox/stripe_event.ts";
import { createStripeShop } from "../../../../tools/stripe_sandbox/stripe_shop.ts";
import { bySetting, inDays, startedAt } from "./story.ts";

const ann = { email: "Ann@Example.com", name: "Ann" };

function buyersOf(events: StripeEvent[]) {
  return expectedBuyers(events, expectedLicenses(events, bySetting))
    .map(({ emails, names, mustBeThere, mayBeThere }) => ({
      emails: emails.toSorted(),
      names: names.toSorted(),
      mustBeThere,
      mayBeThere,
    }));
}

const buy = (
  shop: ReturnType<typeof createStripeShop>,
  options: Partial<Parameters<typeof shop.buy>[0]>,
) => shop.buy({ amount: 100, paymentStatus: "paid", at: startedAt, ...options }).completed();

Deno.test("a guest is who typed it, and there only once something is paid", () => {
  const known = { emails: ["ann@example.com"], names: ["Ann"] };
  assert.deepEqual(buyersOf([buy(createStripeShop(), ann)]), [
    { ...known, mustBeThere: true, mayBeThere: true },
  ]);
  assert.deepEqual(buyersOf([buy(createStripeShop(), { ...ann, paymentStatus: "unpaid" })]), [
    { ...known, mustBeThere: false, mayBeThere: false },
  ]);
});

Deno.test("a changed name may follow, a changed address alone makes nobody an owner", () => {
  const shop = createStripeShop();
  const customer = shop.customer({ ...ann, at: startedAt });
  const sold = buy(shop, { customer });
  const change = customer.updated({ at: inDays(1), email: "bob@example.com", name: "Anna" });
  const names = ["Ann", "Anna"];
  const there = { names, mustBeThere: true, mayBeThere: true };
  assert.deepEqual(buyersOf([sold, change]), [{ ...there, emails: ["ann@example.com"] }]);
  // Somebody who is to be a user before buying may be made one after the change.
  const emails = ["ann@example.com", "bob@example.com"];
  assert.deepEqual(buyersOf([sold, change, customer.created()]), [{ ...there, emails }]);
  // So may who buys again under the new address.
  const again = buy(shop, { customer, at: inDays(2) });
  assert.deepEqual(buyersOf([sold, change, again]), [{ ...there, emails }]);
});

Deno.test("whoever is only told of is no user", () => {
  const customer = createStripeShop().customer(ann);
  const [told] = buyersOf([customer.updated({ at: inDays(1), name: "Anna" })]);
  assert.deepEqual(told, { emails: [], names: ["Anna"], mustBeThere: false, mayBeThere: false });
});
