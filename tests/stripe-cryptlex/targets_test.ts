import assert from "node:assert/strict";
import type { Purchase } from "../../functions/stripe-cryptlex/purchase.ts";
import {
  type Catalog,
  type Plan,
  type Target,
  targets,
} from "../../functions/stripe-cryptlex/targets.ts";
import {
  day,
  itemWith,
  purchaseWith,
  said,
  saidAt,
  sessionWith,
  termsOf,
} from "./builders/purchase_with.ts";

const planOf = (stripeId: string, cryptlexProductId: string): Plan => ({
  stripeId,
  cryptlexProductId,
  licenseTemplateId: null,
  entitlementSetId: null,
});
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

Deno.test("the nearest metadata wins: line, session, subscription, plan, setting", () => {
  const line = itemWith({ terms: termsOf("product-line") });
  const sessions = { cs_1: sessionWith({ terms: said(termsOf("product-session")) }) };
  const subscriptionTerms = said(termsOf("product-subscription"));
  const items = { si_1: itemWith() };
  const everything = purchaseWith({ sessions, subscriptionTerms, items: { si_1: line } });
  const cases = [
    [everything, planned, ["si_1", "product-line", "line"]],
    [{ ...everything, items }, planned, [null, "product-session", "session"]],
    [{ ...everything, items, sessions: {} }, planned, [
      null,
      "product-subscription",
      "subscription",
    ]],
    [purchaseWith({ ...subscribed, items }), planned, ["si_1", "product-of-price", "plan"]],
    [purchaseWith({ ...subscribed, items }), setting, [null, "product-setting", "setting"]],
  ] as const;
  for (const [purchase, catalog, expected] of cases) {
    assert.deepEqual(asked(targets(purchase, catalog)), [expected]);
  }
});

Deno.test("a plan of the price is nearer than one of the product", () => {
  const found = (priceId: string) =>
    asked(targets(purchaseWith({ items: { si_1: itemWith({ priceId }) } }), planned));
  assert.deepEqual(found("price_a"), [["si_1", "product-of-price", "plan"]]);
  assert.deepEqual(found("price_b"), [["si_1", "product-of-product", "plan"]]);
});

Deno.test("terms come whole from one place, never mixed", () => {
  const plan = { ...planOf("price_a", "product-a"), licenseTemplateId: "t", entitlementSetId: "e" };
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
    return [whole?.priceId, whole?.productId];
  };
  assert.deepEqual(heard({ si_1: itemWith() }), ["price_a", "prod_a"]);
  assert.deepEqual(heard({ si_1: itemWith(), si_2: itemWith() }), [null, null]);
});

Deno.test("nothing known asks for nothing", () => {
  assert.deepEqual(targets(purchaseWith(), setting), []);
});
