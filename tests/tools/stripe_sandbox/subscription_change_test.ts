import assert from "node:assert/strict";
import { createStripeShop } from "../../../tools/stripe_sandbox/stripe_shop.ts";
import { at, iso, linesOf, objectOf, periodOf } from "./payload.ts";

const basic = {
  price: "price_basic",
  product: "prod_app",
  amount: 1000,
  interval: "month",
} as const;
const pro = { price: "price_pro", product: "prod_app", amount: 3000, interval: "month" } as const;
const yearly = {
  price: "price_year",
  product: "prod_app",
  amount: 9000,
  interval: "year",
} as const;
const middle = new Date("2026-06-16T00:00:00Z");
const always = { at: middle, prorationBehavior: "always_invoice" } as const;

function subscribe(more: { trialDays?: number; discount100?: boolean } = {}) {
  return createStripeShop().subscribe({
    price: basic,
    startedAt: new Date("2026-06-01T00:00:00Z"),
    ...more,
  });
}

Deno.test("a dearer price of the same interval is credited and charged to the end of the period", () => {
  const event = subscribe().changePrice({ ...always, to: pro });
  const [credit, charge] = linesOf(event);
  assert.equal(objectOf(event).billing_reason, "subscription_update");
  assert.deepEqual([credit?.amount, charge?.amount], [-500, 1500]);
  assert.deepEqual(linesOf(event).map(periodOf), [
    ["2026-06-16T00:00:00Z", "2026-07-01T00:00:00Z"],
    ["2026-06-16T00:00:00Z", "2026-07-01T00:00:00Z"],
  ]);
  for (const line of linesOf(event)) {
    assert.equal(at(line, "parent.subscription_item_details.proration"), true);
    assert.match(String(at(line, "parent.subscription_item_details.invoice_item")), /^ii_1/);
  }
  assert.equal(at(credit, "pricing.price_details.price"), "price_basic");
  assert.equal(at(charge, "pricing.price_details.price"), "price_pro");
  assert.equal(objectOf(event).amount_paid, 1000);
  assert.equal(iso(objectOf(event).period_start), "2026-06-01T00:00:00Z");
  assert.equal(iso(objectOf(event).created), "2026-06-16T00:00:00Z");
});

Deno.test("afterwards the new price renews on the old dates", () => {
  const subscription = subscribe();
  subscription.changePrice({ ...always, to: { ...pro, quantity: 2 } });
  const renewal = subscription.renewalPaid(1);
  assert.deepEqual(linesOf(renewal).map(periodOf), [
    ["2026-07-01T00:00:00Z", "2026-08-01T00:00:00Z"],
  ]);
  assert.equal(objectOf(renewal).amount_paid, 6000);
});

Deno.test("from monthly to yearly a full year runs from the change", () => {
  const subscription = subscribe();
  const event = subscription.changePrice({ ...always, to: yearly });
  const [credit, year] = linesOf(event);
  assert.deepEqual([credit?.amount, year?.amount], [-500, 9000]);
  assert.deepEqual(periodOf(credit), ["2026-06-16T00:00:00Z", "2026-07-01T00:00:00Z"]);
  assert.deepEqual(periodOf(year), ["2026-06-16T00:00:00Z", "2027-06-16T00:00:00Z"]);
  assert.equal(at(credit, "parent.subscription_item_details.proration"), true);
  assert.equal(at(year, "parent.subscription_item_details.proration"), false);
  assert.equal(subscription.periodEnd(0).toISOString(), "2027-06-16T00:00:00.000Z");
  assert.deepEqual(linesOf(subscription.renewalPaid(1)).map(periodOf), [
    ["2027-06-16T00:00:00Z", "2028-06-16T00:00:00Z"],
  ]);
});

Deno.test("a renewal before a change keeps its price, one after it has the new", () => {
  const subscription = subscribe();
  subscription.changePrice({ ...always, at: new Date("2026-08-16T00:00:00Z"), to: pro });
  const paid = (n: number) => objectOf(subscription.renewalPaid(n)).amount_paid;
  assert.deepEqual([paid(1), paid(2), paid(3)], [1000, 1000, 3000]);
});

Deno.test("create_prorations bills nothing at once and adds its lines to the next renewal only", () => {
  const subscription = subscribe();
  const change = { at: middle, to: pro, prorationBehavior: "create_prorations" } as const;
  assert.equal(subscription.changePrice(change), null);
  const amounts = (n: number) => linesOf(subscription.renewalPaid(n)).map((line) => line.amount);
  assert.deepEqual(amounts(1), [-500, 1500, 3000]);
  assert.deepEqual(amounts(2), [3000]);
});

Deno.test("none bills nothing at once and nothing later", () => {
  const subscription = subscribe();
  const change = { at: middle, to: pro, prorationBehavior: "none" } as const;
  assert.equal(subscription.changePrice(change), null);
  assert.deepEqual(linesOf(subscription.renewalPaid(1)).map((line) => line.amount), [3000]);
});

Deno.test("a change of interval is billed at once whatever the behaviour, without credit under none", () => {
  const lines = (prorationBehavior: "create_prorations" | "none") => {
    const event = subscribe().changePrice({ at: middle, to: yearly, prorationBehavior });
    return event && linesOf(event).map((line) => line.amount);
  };
  assert.deepEqual(lines("create_prorations"), [-500, 9000]);
  assert.deepEqual(lines("none"), [9000]);
});

Deno.test("a cheaper price leaves a credit and nothing to pay", () => {
  const event = subscribe().changePrice({ ...always, to: { ...basic, amount: 400 } });
  assert.equal(objectOf(event).total, -300);
  assert.equal(objectOf(event).amount_paid, 0);
  assert.equal(objectOf(event).ending_balance, -300);
});

Deno.test("under a full discount there is nothing to credit", () => {
  const event = subscribe({ discount100: true }).changePrice({ ...always, to: pro });
  assert.deepEqual(linesOf(event).map((line) => line.amount), [0, 0]);
});

Deno.test("two changes are two events with two invoices", () => {
  const subscription = subscribe();
  const first = subscription.changePrice({ ...always, to: pro });
  const second = subscription.changePrice({ ...always, to: basic });
  assert.notEqual(first.id, second.id);
  assert.notEqual(objectOf(first).id, objectOf(second).id);
  assert.deepEqual(linesOf(second).map((line) => line.amount), [-1500, 500]);
});

Deno.test("what Stripe does not do is refused", () => {
  const metered = { ...pro, usageType: "metered" } as const;
  assert.throws(() => subscribe({ trialDays: 30 }).changePrice({ ...always, to: pro }), TypeError);
  assert.throws(() => subscribe().changePrice({ ...always, to: metered }), TypeError);
  assert.throws(() => subscribe().changePrice({ ...always, to: pro, item: 1 }), RangeError);
  for (const early of ["2026-05-01T00:00:00Z", "2026-06-01T00:00:00Z"]) {
    const change = { ...always, to: pro, at: new Date(early) };
    assert.throws(() => subscribe().changePrice(change), RangeError);
  }
  const changed = subscribe();
  changed.changePrice({ ...always, to: pro });
  const before = new Date("2026-06-10T00:00:00Z");
  assert.throws(() => changed.changePrice({ ...always, to: basic, at: before }), RangeError);
});
