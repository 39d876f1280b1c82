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

Deno.test("of a metered price that opens, nothing used is no time billed in arrears", () => {
  const month = {
    start: startedAt.getTime() / 1000,
    end: Date.parse("2026-07-01T00:00:00Z") / 1000,
  };
  for (const shape of ["basil", "acacia"] as const) {
    const opening = subscribeWith({ price: metered }, shape).firstInvoicePaid();
    const { items, usedThrough } = factsOf(bent(opening, "lines.data.0.period", month)).facts;
    assert.equal(paidThrough(Object.values(items)[0]), "2026-07-01");
    assert.deepEqual(usedThrough, {});
  }
});

for (const shape of ["basil", "acacia"] as const) {
  Deno.test(`through when use was billed is known, at first through when it began (${shape})`, () => {
    const subscription = subscribeWith({ price: metered }, shape);
    const [id] = subscription.itemIds;
    const used = (event: StripeEvent) => factsOf(event).facts.usedThrough;
    const seconds = (date: string) => Date.parse(date) / 1000;
    assert.deepEqual(used(subscription.firstInvoicePaid()), { [`${id}`]: seconds("2026-06-01") });
    assert.deepEqual(used(subscription.renewalPaid(1)), { [`${id}`]: seconds("2026-07-01") });
    assert.deepEqual(used(subscribeWith({}, shape).renewalPaid(1)), {});
  });

  Deno.test(`an invoice whose event lists only the first of its lines is known to (${shape})`, () => {
    const prices = Array.from({ length: 11 }, (_, n) => ({ ...basic, price: `price_${n}` }));
    const event = subscribeWith({ prices }, shape).renewalPaid(1);
    const { cutInvoices, items } = factsOf(event).facts;
    assert.equal(Object.keys(items).length, 10);
    const july = Date.parse("2026-07-01T00:00:00Z") / 1000;
    assert.deepEqual(cutInvoices, {
      [String(event.data.object.id)]: {
        created: july,
        billedThrough: july,
        subscriptionTerms: null,
        isListed: false,
      },
    });
    assert.deepEqual(factsOf(subscribeWith({}, shape).renewalPaid(1)).facts.cutInvoices, {});
  });
}

Deno.test("of lines that end at once the one of the latest change names the price", () => {
  const subscription = subscribeWith();
  const to = (day: number, price: string) =>
    subscription.changePrice({
      to: { ...pro, price },
      at: new Date(Date.UTC(2026, 5, day)),
      prorationBehavior: "create_prorations",
    });
  to(10, "price_second");
  to(20, "price_third");
  const renewal = subscription.renewalPaid(1);
  const prorations = linesOf(renewal).slice(0, 4);
  for (const lines of [prorations, prorations.toReversed()]) {
    const [item] = Object.values(itemsOf(bent(renewal, "lines.data", lines)));
    assert.equal(item?.line.value.priceId, "price_third");
  }
});
