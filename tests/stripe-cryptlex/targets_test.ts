import assert from "node:assert/strict";
import type { Purchase } from "../../functions/stripe-cryptlex/purchase.ts";
import type { Catalog } from "../../functions/stripe-cryptlex/line_mapping.ts";
import { type Target, targets } from "../../functions/stripe-cryptlex/targets.ts";
import {
  day,
  itemWith,
  lineWith,
  listedWith,
  purchaseWith,
  said,
  saidAt,
  sessionWith,
  snapshotWith,
  termsOf,
} from "./builders/purchase_with.ts";
import { licenseSeats, planOf } from "./builders/target_of.ts";

const setting: Catalog = { plans: [], hasPlans: false, productId: "product-setting" };
const planned: Catalog = {
  plans: [planOf("prod_a", "product-of-product"), planOf("price_a", "product-of-price")],
  hasPlans: true,
  productId: "product-setting",
};
const subscribed = { subscriptionTerms: said(null) };

/** Which license is asked for, for which item, and what said so. */
function asked(found: readonly Target[]) {
  return found.map(({ itemId, terms, mappedBy }) =>
    [itemId, terms?.productId ?? null, mappedBy] as const
  );
}

Deno.test("the nearest wins: line, session, subscription, price, product, plan, setting", () => {
  const line = itemWith({ terms: termsOf("product-line") });
  const sessions = { cs_1: sessionWith({ terms: said(termsOf("product-session")) }) };
  const subscriptionTerms = said(termsOf("product-subscription"));
  const priceTerms = said(termsOf("product-price-metadata"));
  const productTerms = said(termsOf("product-product-metadata"));
  const catalogTerms = { price_a: priceTerms, prod_a: productTerms };
  const items = { si_1: itemWith() };
  const everything = purchaseWith({
    sessions,
    subscriptionTerms,
    catalogTerms,
    items: { si_1: line },
  });
  const ofItem = purchaseWith({ ...subscribed, catalogTerms, items });
  const cases = [
    [everything, planned, ["si_1", "product-line", "line"]],
    [{ ...everything, items }, planned, [null, "product-session", "session"]],
    [{ ...everything, items, sessions: {} }, planned, [
      null,
      "product-subscription",
      "subscription",
    ]],
    [ofItem, planned, ["si_1", "product-price-metadata", "price"]],
    [{ ...ofItem, catalogTerms: { prod_a: productTerms } }, planned, [
      "si_1",
      "product-product-metadata",
      "product",
    ]],
    [{ ...ofItem, catalogTerms: {} }, planned, ["si_1", "product-of-price", "plan"]],
    [{ ...ofItem, catalogTerms: {} }, setting, [null, "product-setting", "setting"]],
  ] as const;
  for (const [purchase, catalog, expected] of cases) {
    assert.deepEqual(asked(targets(purchase, catalog)), [expected]);
  }
});

Deno.test("a price or product whose metadata names nothing leaves it to what is farther", () => {
  const items = { si_1: itemWith() };
  const catalogTerms = { price_a: said(null), prod_a: said(termsOf("product-b")) };
  const purchase = purchaseWith({ ...subscribed, items, catalogTerms });
  assert.deepEqual(asked(targets(purchase, planned)), [["si_1", "product-b", "product"]]);
  const silent = { ...purchase, catalogTerms: { price_a: said(null), prod_a: said(null) } };
  assert.deepEqual(asked(targets(silent, planned)), [["si_1", "product-of-price", "plan"]]);
});

Deno.test("what prices name is a license an item, also while there are no plans", () => {
  const items = { si_1: itemWith(), si_2: itemWith({ priceId: "price_b" }) };
  const catalogTerms = {
    price_a: said(termsOf("product-a")),
    price_b: said(termsOf("product-b")),
  };
  const purchase = purchaseWith({ ...subscribed, items, catalogTerms });
  assert.deepEqual(asked(targets(purchase, setting)), [
    ["si_1", "product-a", "price"],
    ["si_2", "product-b", "price"],
  ]);
  const half = { ...purchase, catalogTerms: { price_a: said(termsOf("product-a")) } };
  assert.deepEqual(asked(targets(half, setting)), [
    ["si_1", "product-a", "price"],
    ["si_2", null, "plan"],
  ], "the setting is for purchases that nothing else maps");
});

Deno.test("only a plan tells what the quantity means, and it comes with the line", () => {
  const seats = { mode: "activations", perUnit: 2 } as const;
  const items = { si_1: itemWith({ quantity: 3, interval: "P1Y" }) };
  const catalog = { ...planned, plans: [planOf("price_a", "product-a", { seats })] };
  const of = (known: Partial<Purchase>) =>
    targets(purchaseWith({ ...subscribed, items, ...known }), catalog)
      .map(({ seats, quantity, interval }) => [seats.mode, quantity, interval]);
  assert.deepEqual(of({}), [["activations", 3, "P1Y"]]);
  const catalogTerms = { price_a: said(termsOf("product-a")) };
  assert.deepEqual(of({ catalogTerms }), [["ignore", 3, "P1Y"]]);
  const lines = { si_1: itemWith({ quantity: 3, terms: termsOf("product-line") }) };
  assert.deepEqual(of({ items: lines }), [["ignore", 3, "P1M"]]);
  const sessions = { cs_1: sessionWith({ terms: said(termsOf("product-session")) }) };
  assert.deepEqual(of({ sessions }), [["ignore", null, "P1Y"]], "the whole has no quantity");
});

Deno.test("an item that asks for several licenses is one target", () => {
  const items = { si_1: itemWith({ quantity: 3 }) };
  const catalog = {
    ...planned,
    plans: [planOf("price_a", "product-a", { seats: licenseSeats })],
  };
  const found = targets(purchaseWith({ ...subscribed, items }), catalog);
  assert.deepEqual(found.map(({ seats, quantity }) => [seats.mode, quantity]), [["licenses", 3]]);
});

Deno.test("what the subscription was last seen to hold asks for licenses, not what it held", () => {
  const subscription = said(snapshotWith({ si_1: { priceId: "price_b" }, si_2: {} }));
  const items = { si_1: itemWith(), si_gone: itemWith() };
  assert.deepEqual(asked(targets(purchaseWith({ subscription, items }), planned)), [
    ["si_1", "product-of-product", "plan"],
    ["si_2", "product-of-price", "plan"],
  ]);
});

Deno.test("what a paid session lists asks for licenses", () => {
  const lines = { li_1: said(lineWith()), li_2: said(lineWith({ priceId: "price_b" })) };
  const bought = purchaseWith({ sessions: { cs_1: sessionWith({ lines }) } });
  assert.deepEqual(asked(targets(bought, planned)), [
    ["li_1", "product-of-price", "plan"],
    ["li_2", "product-of-product", "plan"],
  ]);
  assert.deepEqual(asked(targets(bought, setting)), [[null, "product-setting", "setting"]]);
});

Deno.test("a plan of the price is nearer than one of the product", () => {
  const found = (priceId: string) =>
    asked(targets(purchaseWith({ items: { si_1: itemWith({ priceId }) } }), planned));
  assert.deepEqual(found("price_a"), [["si_1", "product-of-price", "plan"]]);
  assert.deepEqual(found("price_b"), [["si_1", "product-of-product", "plan"]]);
});

Deno.test("terms come whole from one place, never mixed", () => {
  const plan = planOf("price_a", "product-a", { licenseTemplateId: "t", entitlementSetId: "e" });
  const catalog = { ...planned, plans: [plan] };
  const items = { si_1: itemWith() };
  const [byPlan] = targets(purchaseWith({ ...subscribed, items }), catalog);
  assert.deepEqual(byPlan?.terms, {
    productId: "product-a",
    licenseTemplateId: "t",
    entitlementSetId: "e",
  });
  const sessions = { cs_1: sessionWith({ terms: said(termsOf("product-session")) }) };
  const [bySession] = targets(purchaseWith({ sessions, items }), catalog);
  assert.deepEqual(bySession?.terms, termsOf("product-session"));
});

Deno.test("the setting makes one license of a whole purchase, whatever it lists", () => {
  const items = { si_1: itemWith(), si_2: itemWith({ priceId: "price_b" }) };
  const purchase = purchaseWith({ ...subscribed, items });
  assert.deepEqual(asked(targets(purchase, setting)), [[null, "product-setting", "setting"]]);
});

Deno.test("the setting counts only while there are no plans at all", () => {
  const catalog = { ...setting, hasPlans: true };
  const bought = purchaseWith({ sessions: { cs_1: sessionWith() } });
  assert.deepEqual(asked(targets(bought, setting)), [[null, "product-setting", "setting"]]);
  assert.deepEqual(asked(targets(bought, catalog)), []);
});

Deno.test("the setting never maps an invoice written by hand", () => {
  const items = { il_1: itemWith({}, { paidThrough: null }) };
  const written = purchaseWith({ invoiceTerms: said(null), items });
  assert.deepEqual(asked(targets(written, setting)), [["il_1", null, "plan"]]);
  const own = purchaseWith({ invoiceTerms: said(termsOf("product-invoice")), items });
  assert.deepEqual(asked(targets(own, setting)), [[null, "product-invoice", "invoice"]]);
  assert.deepEqual(asked(targets(written, planned)), [["il_1", "product-of-price", "plan"]]);
});

Deno.test("plans make a license an item, and leave unmapped what they do not name", () => {
  const items = { si_2: itemWith({ priceId: "price_b", productId: null }), si_1: itemWith() };
  assert.deepEqual(asked(targets(purchaseWith({ ...subscribed, items }), planned)), [
    ["si_1", "product-of-price", "plan"],
    ["si_2", null, "plan"],
  ]);
});

Deno.test("a line of its own stands beside the license of the rest", () => {
  const items = { si_1: itemWith({ terms: termsOf("product-line") }), si_2: itemWith() };
  const sessions = { cs_1: sessionWith({ terms: said(termsOf("product-session")) }) };
  assert.deepEqual(asked(targets(purchaseWith({ sessions, items }), setting)), [
    ["si_1", "product-line", "line"],
    [null, "product-session", "session"],
  ]);
});

Deno.test("of several sessions the one that names terms last counts", () => {
  const session = (productId: string | null, at: number) =>
    sessionWith({ terms: said(productId === null ? null : termsOf(productId), { at }) });
  const sessions = {
    cs_1: session("product-old", 1),
    cs_2: session("product-new", 2),
    cs_3: session(null, 3),
  };
  const named = (sessions: Purchase["sessions"]) =>
    targets(purchaseWith({ sessions }), setting)[0]?.terms?.productId;
  assert.equal(named(sessions), "product-new");
  const [first, second] = ["1", "2"].map((n) =>
    sessionWith({ terms: said(termsOf(`product-${n}`), { by: `evt_${n}` }) })
  );
  assert.ok(first && second);
  assert.equal(named({ cs_1: first, cs_2: second }), "product-2");
  assert.equal(named({ cs_1: second, cs_2: first }), "product-2");
});

Deno.test("a license of the whole lasts as long as the item paid furthest", () => {
  const month = itemWith({ priceId: "price_month" }, { paidThrough: saidAt + 30 * day });
  const year = itemWith({ priceId: "price_year" }, { paidThrough: saidAt + 365 * day });
  const undated = itemWith({}, { paidThrough: null });
  const until = (items: Purchase["items"]) =>
    targets(purchaseWith({ ...subscribed, items }), setting)[0]?.paidThrough;
  assert.equal(until({ si_1: month, si_2: year, si_3: undated }), saidAt + 365 * day);
  assert.equal(until({ si_1: undated }), null);
});

Deno.test("one line's price speaks for the whole, several lines' do not", () => {
  const heard = (items: Purchase["items"]) => {
    const [whole] = targets(purchaseWith({ ...subscribed, items }), setting);
    return [whole?.priceId, whole?.productId, whole?.interval];
  };
  assert.deepEqual(heard({ si_1: itemWith() }), ["price_a", "prod_a", "P1M"]);
  assert.deepEqual(heard({ si_1: itemWith(), si_2: itemWith() }), [null, null, null]);
});

Deno.test("nothing known asks for nothing", () => {
  assert.deepEqual(targets(purchaseWith(), setting), []);
});

Deno.test("what is added and mapped by itself stands beside the whole, what was there does not", () => {
  const items = { si_1: itemWith({ priceId: "price_x", productId: null }), si_2: itemWith() };
  const added = { si_2: listedWith({ isAdded: true }) };
  const priceTerms = { price_a: said(termsOf("product-own")) };
  const wholes = [
    [{ sessions: { cs_1: sessionWith({ terms: said(termsOf("product-s")) }) } }, planned],
    [{ subscriptionTerms: said(termsOf("product-s")) }, planned],
    [{ ...subscribed, catalogTerms: priceTerms }, setting],
  ] as const;
  for (const [of, catalog] of wholes) {
    const found = targets(purchaseWith({ items, listed: added, ...of }), catalog);
    assert.deepEqual(found.map(({ itemId }) => itemId), ["si_2", null]);
    const old = targets(purchaseWith({ items, ...of }), catalog);
    assert.ok(catalog === setting || old.length === 1);
  }
});

Deno.test("the items of a target that were seen in the subscription are told", () => {
  const items = { si_1: itemWith(), si_2: itemWith() };
  const listed = { si_1: listedWith() };
  const of = (catalog: Catalog) =>
    targets(purchaseWith({ ...subscribed, items, listed }), catalog).map(({ covers }) => covers);
  assert.deepEqual([of(setting), of(planned)], [[["si_1"]], [["si_1"], []]]);
});

Deno.test("a license of the whole lasts as long as what was removed from it was paid", () => {
  const items = {
    si_1: itemWith(),
    si_2: itemWith({}, { paidThrough: saidAt + 365 * day }),
  };
  const subscription = said(snapshotWith({ si_1: {} }));
  const until = (known: Partial<Purchase>) =>
    targets(purchaseWith({ ...subscribed, items, subscription, ...known }), setting)
      .find(({ itemId }) => itemId === null)?.paidThrough;
  assert.equal(until({}), saidAt + 365 * day);
  const line = said(lineWith({ terms: termsOf("product-own") }));
  assert.equal(until({ listed: { si_2: listedWith({ line }) } }), saidAt + 30 * day);
});
