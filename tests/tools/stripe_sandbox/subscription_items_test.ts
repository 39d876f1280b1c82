import assert from "node:assert/strict";
import type { PayloadShape, StripeEvent } from "../../../tools/stripe_sandbox/stripe_event.ts";
import { createStripeShop } from "../../../tools/stripe_sandbox/stripe_shop.ts";
import { at, iso, linesOf, objectOf, periodOf } from "./payload.ts";

const startedAt = new Date("2026-06-01T00:00:00Z");
const middle = new Date("2026-06-16T00:00:00Z");
const basic = {
  price: "price_basic",
  product: "prod_app",
  amount: 1000,
  interval: "month",
} as const;
const pro = { ...basic, price: "price_pro", amount: 3000 } as const;
const addOn = { ...basic, price: "price_more", product: "prod_more", amount: 600 } as const;
const always = { at: middle, prorationBehavior: "always_invoice" } as const;

function subscribe(shape: PayloadShape = "basil", more: { trialDays?: number } = {}) {
  return createStripeShop({ shape }).subscribe({ price: basic, startedAt, ...more });
}

function itemsOf(event: StripeEvent): unknown[][] {
  const items = at(objectOf(event), "items.data") as unknown[];
  return items.map((item) => [at(item, "price.id"), at(item, "quantity")]);
}

function amounts(event: StripeEvent | null): unknown[] | null {
  return event && linesOf(event).map((line) => line.amount);
}

Deno.test("another plan is told with the items as they are then, and with its invoice and payment", () => {
  for (const shape of ["basil", "acacia"] as const) {
    const subscription = subscribe(shape);
    const change = { ...always, to: { ...pro, quantity: 2 } };
    const { updated, invoicePaid, payment } = subscription.changePlan(change);
    assert.equal(updated.type, "customer.subscription.updated");
    assert.equal(updated.created, middle.getTime() / 1000);
    assert.deepEqual(itemsOf(updated), [["price_pro", 2]]);
    assert.deepEqual(amounts(invoicePaid), [-500, 3000]);
    assert.equal(payment?.amount, 2500);
    assert.equal(objectOf(updated).latest_invoice, invoicePaid && objectOf(invoicePaid).id);
    assert.equal(
      at(updated, "data.previous_attributes.items.data.0.price.id"),
      "price_basic",
    );
    assert.deepEqual(subscription.changePlan(change), { updated, invoicePaid, payment });
    assert.deepEqual(itemsOf(subscription.subscriptionCreated()), [["price_basic", 1]]);
    assert.deepEqual(amounts(subscription.renewalPaid(1)), [6000]);
  }
});

Deno.test("the plan's snapshot has its new period", () => {
  const yearly = { ...basic, price: "price_year", amount: 9000, interval: "year" } as const;
  const { updated } = subscribe().changePlan({ ...always, to: yearly });
  const item = at(objectOf(updated), "items.data.0");
  assert.equal(iso(at(item, "current_period_start")), "2026-06-16T00:00:00Z");
  assert.equal(iso(at(item, "current_period_end")), "2027-06-16T00:00:00Z");
  assert.equal(objectOf(updated).billing_cycle_anchor, middle.getTime() / 1000);
});

Deno.test("another quantity is prorated, at once, with the renewal, or not at all", () => {
  const change = { quantity: 3, at: middle };
  const now = subscribe();
  const changed = now.changeQuantity({ ...change, prorationBehavior: "always_invoice" });
  assert.deepEqual(itemsOf(changed.updated), [["price_basic", 3]]);
  assert.deepEqual(amounts(changed.invoicePaid), [-500, 1500]);
  assert.deepEqual(amounts(now.renewalPaid(1)), [3000]);
  const later = subscribe();
  const deferred = later.changeQuantity({ ...change, prorationBehavior: "create_prorations" });
  assert.deepEqual([deferred.invoicePaid, deferred.payment], [null, null]);
  assert.deepEqual(amounts(later.renewalPaid(1)), [-500, 1500, 3000]);
  const never = subscribe();
  assert.equal(never.changeQuantity({ ...change, prorationBehavior: "none" }).invoicePaid, null);
  assert.deepEqual(amounts(never.renewalPaid(1)), [3000]);
  const trial = subscribe("basil", { trialDays: 30 });
  assert.equal(
    trial.changeQuantity({ ...change, prorationBehavior: "always_invoice" }).payment,
    null,
  );
  assert.deepEqual(amounts(trial.renewalPaid(1)), [3000]);
});

Deno.test("an item comes with a charge and goes with a credit", () => {
  for (const shape of ["basil", "acacia"] as const) {
    const subscription = subscribe(shape);
    const added = subscription.addItem({ ...always, price: { ...addOn, quantity: 2 } });
    assert.deepEqual(itemsOf(added.updated), [["price_basic", 1], ["price_more", 2]]);
    assert.deepEqual(amounts(added.invoicePaid), [600]);
    assert.equal(new Set(subscription.itemIds).size, 2);
    assert.deepEqual(amounts(subscription.renewalPaid(1)), [1200, 1000]);
    const removed = subscription.removeItem({
      item: 1,
      at: new Date("2026-07-16T12:00:00Z"),
      prorationBehavior: "create_prorations",
    });
    assert.deepEqual(itemsOf(removed.updated), [["price_basic", 1]]);
    assert.equal(removed.invoicePaid, null);
    assert.deepEqual(amounts(subscription.renewalPaid(2)), [-600, 1000]);
    assert.deepEqual(amounts(subscription.renewalPaid(3)), [1000]);
    assert.deepEqual(itemsOf(added.updated), [["price_basic", 1], ["price_more", 2]]);
  }
});

Deno.test("an added item of another interval is billed on the subscription's day", () => {
  const yearly = { ...basic, price: "price_year", amount: 12_000, interval: "year" } as const;
  const subscription = createStripeShop().subscribe({ price: yearly, startedAt });
  const { invoicePaid } = subscription.addItem({ ...always, price: addOn });
  assert.deepEqual(amounts(invoicePaid), [300]);
  assert.deepEqual(invoicePaid && linesOf(invoicePaid).map(periodOf), [
    ["2026-06-16T00:00:00Z", "2026-07-01T00:00:00Z"],
  ]);
  assert.deepEqual(linesOf(subscription.renewalPaid(1)).map(periodOf), [
    ["2026-07-01T00:00:00Z", "2026-08-01T00:00:00Z"],
  ]);
  assert.deepEqual(amounts(subscription.renewalPaid(12)), [600, 12_000]);
});

Deno.test("changes Stripe does not make are refused and change nothing", () => {
  const subscription = subscribe();
  assert.throws(() => subscription.removeItem({ ...always, item: 0 }), RangeError);
  assert.throws(() => subscription.removeItem({ ...always, item: 7 }), RangeError);
  const early = { ...always, at: startedAt };
  assert.throws(() => subscription.addItem({ ...early, price: addOn }), RangeError);
  assert.throws(() => subscription.changeQuantity({ ...early, quantity: 2 }), RangeError);
  assert.deepEqual(amounts(subscription.renewalPaid(1)), [1000]);
});
