// What the lines of a subscription's invoice pay for, and through when.

import assert from "node:assert/strict";
import type { Item } from "../../functions/stripe-cryptlex/purchase.ts";
import type { StripeEvent } from "../../tools/stripe_sandbox/stripe_event.ts";
import { bent } from "./builders/bent.ts";
import { factsOf } from "./builders/facts_of.ts";
import {
  basic,
  metered,
  middle,
  pro,
  startedAt,
  subscribeWith,
  yearly,
} from "./builders/subscribe_with.ts";

const itemsOf = (event: StripeEvent) => factsOf(event).facts.items;
const linesOf = (event: StripeEvent) =>
  (event.data.object.lines as { data: { amount: number }[] }).data;

function paidThrough(item: Item | undefined): string | null {
  const seconds = item?.paidThrough ?? null;
  return seconds === null ? null : new Date(seconds * 1000).toISOString().slice(0, 10);
}

Deno.test("a renewal pays the next period and opens no sale", () => {
  const subscription = subscribeWith();
  const renewal = subscription.renewalPaid(1);
  assert.equal(paidThrough(Object.values(itemsOf(renewal))[0]), "2026-08-01");
  assert.equal(factsOf(renewal).opensSale, false);
});

Deno.test("a trial's line counts to the trial's end, though it costs nothing", () => {
  const [item] = Object.values(itemsOf(subscribeWith({ trialDays: 14 }).firstInvoicePaid()));
  assert.equal(paidThrough(item), "2026-06-15");
});

Deno.test("an upgrade's credit pays for nothing; its charge names the new price", () => {
  const change = { to: pro, at: middle, prorationBehavior: "always_invoice" } as const;
  const [item] = Object.values(itemsOf(subscribeWith().changePrice(change)));
  assert.equal(item?.line.value.priceId, "price_pro");
  assert.equal(paidThrough(item), "2026-07-01");
});

Deno.test("a credit alone says nothing of any item", () => {
  const event = subscribeWith().changePrice({
    to: { ...basic, amount: 1 },
    at: middle,
    prorationBehavior: "always_invoice",
  });
  const credits = linesOf(event).filter((line) => line.amount < 0);
  assert.equal(credits.length, 1);
  assert.deepEqual(itemsOf(bent(event, "lines.data", credits)), {});
});

Deno.test("under a full discount a change names the new price, though its credit is nothing too", () => {
  const change = { to: pro, at: middle, prorationBehavior: "always_invoice" } as const;
  const [item] = Object.values(itemsOf(subscribeWith({ discount100: true }).changePrice(change)));
  assert.equal(item?.line.value.priceId, "price_pro");
});

Deno.test("of several lines of one item the one that reaches furthest counts", () => {
  const subscription = subscribeWith();
  subscription.changePrice({ to: pro, at: middle, prorationBehavior: "create_prorations" });
  const price = "lines.data.1.pricing.price_details.price";
  const renewal = bent(subscription.renewalPaid(1), price, "price_of_the_rest_of_june");
  const lines = linesOf(renewal);
  assert.equal(lines.length, 3);
  for (const order of [lines, lines.toReversed()]) {
    const [item, ...others] = Object.values(itemsOf(bent(renewal, "lines.data", order)));
    assert.deepEqual(others, []);
    assert.equal(item?.line.value.priceId, "price_pro");
    assert.equal(paidThrough(item), "2026-08-01");
  }
});

Deno.test("from monthly to yearly the whole year counts at once", () => {
  const change = { to: yearly, at: middle, prorationBehavior: "always_invoice" } as const;
  const [item] = Object.values(itemsOf(subscribeWith().changePrice(change)));
  assert.equal(paidThrough(item), "2027-06-16");
  assert.equal(item?.line.value.priceId, "price_year");
});

for (const shape of ["basil", "acacia"] as const) {
  Deno.test(`a metered price, billed in arrears, counts one further period (${shape})`, () => {
    const subscription = subscribeWith({ price: metered }, shape);
    const [item] = Object.values(itemsOf(subscription.renewalPaid(1)));
    // It bills June, which has 30 days, on 1 July.
    assert.equal(paidThrough(item), "2026-07-31");
  });

  Deno.test(`a period of no length, as metered prices open with, dates nothing (${shape})`, () => {
    const subscription = subscribeWith({ price: metered }, shape);
    const [item] = Object.values(itemsOf(subscription.firstInvoicePaid()));
    assert.equal(item?.line.value.priceId, "price_basic");
    assert.equal(paidThrough(item), null);
  });
}

Deno.test("a metered line that reaches into the future was still billed in arrears", () => {
  const subscription = subscribeWith({ price: metered }, "acacia");
  const event = bent(subscription.renewalPaid(1), "lines.data.0.period", {
    start: startedAt.getTime() / 1000,
    end: Date.parse("2026-07-02T00:00:00Z") / 1000,
  });
  assert.equal(paidThrough(Object.values(itemsOf(event))[0]), "2026-08-02");
});

Deno.test("a proration for time that is over is not taken for time billed in arrears", () => {
  const credit = "lines.data.0.parent.subscription_item_details.proration";
  const over = { start: startedAt.getTime() / 1000, end: middle.getTime() / 1000 };
  const period = (event: StripeEvent) => bent(event, "lines.data.0.period", over);
  const event = bent(subscribeWith().renewalPaid(1), credit, true);
  assert.equal(paidThrough(Object.values(itemsOf(period(event)))[0]), "2026-06-16");
  const acacia = bent(subscribeWith({}, "acacia").renewalPaid(1), "lines.data.0.proration", true);
  assert.equal(paidThrough(Object.values(itemsOf(period(acacia)))[0]), "2026-06-16");
});

Deno.test("a licensed price is never billed in arrears, where the payload says that it is one", () => {
  const over = { start: startedAt.getTime() / 1000, end: middle.getTime() / 1000 };
  const period = (shape: "basil" | "acacia") =>
    bent(subscribeWith({}, shape).renewalPaid(1), "lines.data.0.period", over);
  assert.equal(paidThrough(Object.values(itemsOf(period("acacia")))[0]), "2026-06-16");
  assert.equal(paidThrough(Object.values(itemsOf(period("basil")))[0]), "2026-07-01");
});
