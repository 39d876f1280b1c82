// What the lines of an invoice say of their prices: how many, how often, and what they sell.

import assert from "node:assert/strict";
import type { Line } from "../../functions/stripe-cryptlex/purchase.ts";
import type { PriceTerms } from "../../tools/stripe_sandbox/price.ts";
import { createStripeShop } from "../../tools/stripe_sandbox/stripe_shop.ts";
import { bent } from "./builders/bent.ts";
import { factsOf } from "./builders/facts_of.ts";
import { termsOf } from "./builders/purchase_with.ts";
import { basic, metered, middle, subscribeWith } from "./builders/subscribe_with.ts";

const productA = { CRYPTLEX_PRODUCT_ID: "product-a" };

function lineOf(event: unknown): Line | undefined {
  return Object.values(factsOf(event).facts.items)[0]?.line.value;
}

for (const shape of ["basil", "acacia"] as const) {
  Deno.test(`a line says how many were bought (${shape})`, () => {
    const subscription = subscribeWith({ price: { ...basic, quantity: 5 } }, shape);
    assert.equal(lineOf(subscription.firstInvoicePaid())?.quantity, 5);
    const invoice = createStripeShop({ shape }).invoice({ lines: [{ amount: 300, quantity: 3 }] });
    assert.equal(lineOf(invoice.paid())?.quantity, 3);
  });

  Deno.test(`what was used of a metered price is no number bought (${shape})`, () => {
    const subscription = subscribeWith({ price: metered }, shape);
    assert.equal(lineOf(subscription.firstInvoicePaid())?.quantity, null);
    assert.equal(lineOf(subscription.renewalPaid(1))?.quantity, null);
  });
}

Deno.test("a line without a quantity, or of none, says nothing of it", () => {
  const event = subscribeWith().firstInvoicePaid();
  for (const quantity of [undefined, null, 0]) {
    assert.equal(lineOf(bent(event, "lines.data.0.quantity", quantity))?.quantity, null);
  }
});

Deno.test("before Basil a line says how often its price is paid", () => {
  const intervals: [Partial<PriceTerms>, string][] = [
    [{ interval: "month" }, "P1M"],
    [{ interval: "year" }, "P1Y"],
    [{ interval: "month", intervalCount: 3 }, "P3M"],
    [{ interval: "week", intervalCount: 2 }, "P2W"],
    [{ interval: "day", intervalCount: 10 }, "P10D"],
  ];
  for (const [price, interval] of intervals) {
    const subscription = subscribeWith({ price: { ...basic, ...price } }, "acacia");
    assert.equal(lineOf(subscription.firstInvoicePaid())?.interval, interval);
    const basil = subscribeWith({ price: { ...basic, ...price } }).firstInvoicePaid();
    assert.equal(lineOf(basil)?.interval, null);
  }
});

Deno.test("a price that is paid once, or in an interval of its own, has none", () => {
  const event = subscribeWith({}, "acacia").firstInvoicePaid();
  for (const recurring of [null, undefined, {}, { interval: "fortnight", interval_count: 1 }]) {
    assert.equal(lineOf(bent(event, "lines.data.0.price.recurring", recurring))?.interval, null);
  }
});

Deno.test("an embedded price says what it sells, and that it sells nothing here", () => {
  const told = (metadata: Record<string, string>) => {
    const event = subscribeWith({ price: { ...basic, metadata } }, "acacia").firstInvoicePaid();
    const { at, by } = { at: event.created, by: event.id };
    return { terms: factsOf(event).facts.catalogTerms, at, by };
  };
  const { terms, at, by } = told(productA);
  assert.deepEqual(terms, { price_basic: { value: termsOf("product-a"), at, by } });
  const silent = told({ colour: "blue" });
  assert.deepEqual(silent.terms, { price_basic: { value: null, at: silent.at, by: silent.by } });
});

Deno.test("an expanded price and product say what they sell, wherever they are", () => {
  const paths = {
    basil: [
      "lines.data.0.pricing.price_details.price",
      "lines.data.0.pricing.price_details.product",
    ],
    acacia: ["lines.data.0.price", "lines.data.0.price.product"],
  };
  for (const shape of ["basil", "acacia"] as const) {
    const [price = "", product = ""] = paths[shape];
    let event = subscribeWith({}, shape).firstInvoicePaid();
    event = bent(event, price, { id: "price_basic", product: "prod_a", metadata: productA });
    event = bent(event, product, { id: "prod_a", metadata: {} });
    const said = { at: event.created, by: event.id };
    assert.deepEqual(factsOf(event).facts.catalogTerms, {
      price_basic: { value: termsOf("product-a"), ...said },
      prod_a: { value: null, ...said },
    });
    assert.equal(lineOf(event)?.productId, "prod_a");
  }
});

Deno.test("ids alone, and a deleted product, say nothing", () => {
  const event = subscribeWith().firstInvoicePaid();
  assert.deepEqual(factsOf(event).facts.catalogTerms, {});
  const deleted = { id: "prod_a", object: "product", deleted: true };
  const path = "lines.data.0.pricing.price_details.product";
  assert.deepEqual(factsOf(bent(event, path, deleted)).facts.catalogTerms, {});
});

Deno.test("an item is paid for from its latest period on, whatever credits come with it", () => {
  const paidFrom = (event: unknown) => Object.values(factsOf(event).facts.items)[0]?.paidFrom;
  const subscription = subscribeWith();
  assert.equal(paidFrom(subscription.renewalPaid(1)), Date.parse("2026-07-01T00:00:00Z") / 1000);
  const change = { to: { ...basic, amount: 3000 }, at: middle } as const;
  const upgrade = subscribeWith().changePrice({ ...change, prorationBehavior: "always_invoice" });
  assert.equal(paidFrom(upgrade), middle.getTime() / 1000);
});

Deno.test("of several lines of one item the latest start counts, in any order", () => {
  const subscription = subscribeWith();
  const to = { ...basic, amount: 3000 };
  subscription.changePrice({ to, at: middle, prorationBehavior: "create_prorations" });
  const renewal = subscription.renewalPaid(1);
  const lines = renewal.data.object.lines as { data: unknown[] };
  for (const order of [lines.data, lines.data.toReversed()]) {
    const [item] = Object.values(factsOf(bent(renewal, "lines.data", order)).facts.items);
    assert.equal(item?.paidFrom, Date.parse("2026-07-01T00:00:00Z") / 1000);
  }
});

Deno.test("a period of no length begins nothing", () => {
  const event = subscribeWith({ price: metered }).firstInvoicePaid();
  assert.equal(Object.values(factsOf(event).facts.items)[0]?.paidFrom, null);
});
