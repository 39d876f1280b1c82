import assert from "node:assert/strict";
import { coveredTargets } from "../../functions/stripe-cryptlex/covered_targets.ts";
import type { KnownLicense } from "../../functions/stripe-cryptlex/known_license.ts";
import type { Purchase } from "../../functions/stripe-cryptlex/purchase.ts";
import type { Catalog } from "../../functions/stripe-cryptlex/line_mapping.ts";
import { knownLicense } from "./builders/known_license.ts";
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
import { planOf } from "./builders/target_of.ts";

const planned: Catalog = {
  plans: [planOf("price_a", "product-b"), planOf("price_c", "product-c")],
  hasPlans: true,
  productId: "product-a",
};
const setting: Catalog = { plans: [], hasPlans: false, productId: "product-a" };

/** Two items of different prices. */
const two = {
  si_1: itemWith({}, { paidThrough: saidAt }),
  si_2: itemWith({ priceId: "price_c" }, { paidThrough: saidAt + day }),
};
/** Made for the whole purchase. */
const whole = knownLicense();
const ofItem = (itemId: string, changed: Partial<KnownLicense> = {}) =>
  knownLicense({ licenseId: `license-${itemId}`, stripeItemId: itemId, ...changed });

function covered(
  known: readonly KnownLicense[],
  { catalog = planned, ...facts }: Partial<Purchase> & { catalog?: Catalog } = {},
) {
  const purchase = purchaseWith({ subscriptionTerms: said(null), items: two, ...facts });
  return coveredTargets(purchase, { known, catalog })
    .map(({ itemId, terms, paidThrough }) => [itemId, terms?.productId ?? null, paidThrough]);
}

const each = [["si_1", "product-b", saidAt], ["si_2", "product-c", saidAt + day]];

Deno.test("what nothing covers asks for licenses by itself", () => {
  assert.deepEqual(covered([]), each);
  assert.deepEqual(covered([ofItem("si_1")]), each);
});

Deno.test("a license for the whole covers every line that has none of its own", () => {
  for (const origin of ["created", "adopted"] as const) {
    assert.deepEqual(covered([{ ...whole, origin }]), [[null, null, saidAt + day]]);
  }
});

Deno.test("one that is deleted in Cryptlex covers them still, one that we ended does not", () => {
  const at = new Date("2026-11-02T10:00:00Z");
  assert.deepEqual(covered([{ ...whole, goneAt: at }]), [[null, null, saidAt + day]]);
  assert.deepEqual(covered([{ ...whole, endedAt: at }]), each);
});

Deno.test("lines with a license of their own stay beside it, and it lasts as long as the rest", () => {
  assert.deepEqual(covered([whole, ofItem("si_2")]), [
    ["si_2", "product-c", saidAt + day],
    [null, "product-b", saidAt],
  ]);
  const items = { ...two, si_3: itemWith({}, { paidThrough: saidAt - day }) };
  assert.deepEqual(covered([whole, ofItem("si_2")], { items }), [
    ["si_2", "product-c", saidAt + day],
    [null, null, saidAt],
  ]);
});

Deno.test("when every line has its own, nothing is left that asks for the whole", () => {
  assert.deepEqual(covered([whole, ofItem("si_1"), ofItem("si_2")]), each);
});

Deno.test("one line alone speaks for the whole: a change of its price is one of the license's", () => {
  const [target, ...more] = coveredTargets(
    purchaseWith({ items: { si_1: itemWith({ quantity: 4 }) } }),
    { known: [whole], catalog: planned },
  );
  assert.deepEqual(more, []);
  assert.deepEqual(
    [target?.itemId, target?.priceId, target?.quantity, target?.terms?.productId],
    [null, "price_a", 4, "product-b"],
  );
});

Deno.test("what names the whole purchase is named still", () => {
  const sessions = { cs_1: sessionWith({ terms: said(termsOf("product-s")) }) };
  assert.deepEqual(covered([whole], { sessions }), [[null, "product-s", saidAt + day]]);
  assert.deepEqual(covered([whole], { catalog: setting }), [[null, "product-a", saidAt + day]]);
});

Deno.test("the first paid period tells anew what a license of a session alone stands for", () => {
  const provisional = { ...whole, wroteExpiresAt: null };
  assert.deepEqual(covered([provisional]), each);
  const items = {};
  const sessions = { cs_1: sessionWith() };
  assert.deepEqual(covered([provisional], { items, sessions, catalog: setting }), [
    [null, "product-a", null],
  ]);
  const lines = { li_1: said(lineWith()), li_2: said(lineWith({ priceId: "price_c" })) };
  const listed = { cs_1: sessionWith({ lines }) };
  assert.deepEqual(covered([provisional], { items, sessions: listed }), [[null, null, null]]);
  const adopted = { ...provisional, origin: "adopted" as const };
  assert.deepEqual(covered([adopted]), [[null, null, saidAt + day]]);
});

Deno.test("a line that was taken out of the subscription is covered by nothing", () => {
  const subscription = said(snapshotWith({ si_2: { priceId: "price_c" } }));
  const known = [whole, ofItem("si_1")];
  assert.deepEqual(covered(known, { subscription }), [[null, "product-c", saidAt + day]]);
});

Deno.test("which license stands first does not matter", () => {
  const known = [whole, ofItem("si_2"), ofItem("si_9")];
  assert.deepEqual(covered(known.toReversed()), covered(known));
});

Deno.test("metadata of the whole that came too late takes no item from its license", () => {
  const known = [
    ofItem("si_1", { stripePriceId: "price_a", mappedBy: "plan" }),
    ofItem("si_2", { stripePriceId: "price_c", mappedBy: "price" }),
  ];
  const late = { subscriptionTerms: said(termsOf("product-late")) };
  const each = [["si_1", "product-late", saidAt], ["si_2", "product-late", saidAt + day]];
  assert.deepEqual(covered(known, late), each);
  const [first = whole] = known;
  assert.deepEqual(covered([first], late), [
    ["si_1", "product-late", saidAt],
    [null, "product-late", saidAt + day],
  ], "the rest had none");
  assert.deepEqual(covered([{ ...first, goneAt: new Date(0) }], late).length, 2);
  assert.deepEqual(covered([{ ...first, endedAt: new Date(0) }], late), [
    [null, "product-late", saidAt + day],
  ]);
});

Deno.test("the last plan may go: items with licenses by plans are not the setting's", () => {
  const items = { si_1: itemWith({ quantity: 3 }), si_2: itemWith({ priceId: "price_c" }) };
  const known = [ofItem("si_1", { mappedBy: "plan" }), ofItem("si_2", { mappedBy: "plan" })];
  const found = coveredTargets(purchaseWith({ subscriptionTerms: said(null), items }), {
    known,
    catalog: setting,
  });
  assert.deepEqual(found.map(({ itemId, quantity }) => [itemId, quantity]), [
    ["si_1", 3],
    ["si_2", 1],
  ]);
});

Deno.test("the session's metadata makes one of all items, also when it comes after them", () => {
  const sessions = { cs_1: sessionWith({ terms: said(termsOf("product-s")) }) };
  const known = [ofItem("si_1", { mappedBy: "plan" }), ofItem("si_2", { mappedBy: "plan" })];
  assert.deepEqual(covered(known, { sessions }), [[null, "product-s", saidAt + day]]);
});

Deno.test("an item whose price changed is the whole's, the others keep what is theirs", () => {
  const late = { subscriptionTerms: said(termsOf("product-late")) };
  const known = [
    ofItem("si_1", { stripePriceId: "price_before", mappedBy: "plan" }),
    ofItem("si_2", { stripePriceId: "price_c", mappedBy: "plan" }),
  ];
  assert.deepEqual(covered(known, late), [
    ["si_2", "product-late", saidAt + day],
    [null, "product-late", saidAt],
  ]);
});

const seen = { si_1: listedWith(), si_2: listedWith() };
const added = { si_1: listedWith(), si_2: listedWith({ isAdded: true }) };
const both = [[null, null, saidAt + day]];
const apart = [["si_2", "product-c", saidAt + day], [null, "product-b", saidAt]];

Deno.test("what is added and mapped by itself stands beside a license of the whole", () => {
  const known = [{ ...whole, coveredItems: ["si_1"] }];
  assert.deepEqual(covered(known, { listed: added }), apart);
  assert.deepEqual(covered(known, { listed: seen }), both, "it was there from the start");
  const unmapped = { plans: [], hasPlans: true, productId: null };
  assert.deepEqual(covered(known, { listed: added, catalog: unmapped }), both);
});

Deno.test("what a license of the whole stood for once it stands for, whatever was edited since", () => {
  const known = [{ ...whole, coveredItems: ["si_1", "si_2"] }];
  const lines = { ...two, si_2: itemWith({ terms: termsOf("product-late") }) };
  assert.deepEqual(covered(known, { listed: added }), both);
  assert.deepEqual(covered(known, { listed: seen, items: lines })[0], [
    null,
    null,
    saidAt + 30 * day,
  ]);
});

Deno.test("a line that names its license is beside the whole as soon as it is seen to do so", () => {
  const known = [{ ...whole, coveredItems: [] }];
  const terms = termsOf("product-own");
  const items = { ...two, si_2: itemWith({ terms }, { paidThrough: saidAt + day }) };
  const own = [["si_2", "product-own", saidAt + day], [null, "product-b", saidAt]];
  assert.deepEqual(covered(known, { listed: seen, items }), own);
  assert.deepEqual(covered(known, { items }), both, "an invoice alone does not tell what is new");
});

Deno.test("of one that was found nobody noted what it stood for: for all it began with", () => {
  const known = [{ ...whole, origin: "adopted" as const, coveredItems: null }];
  assert.deepEqual(covered(known, { listed: added }), apart);
  assert.deepEqual(covered(known, { listed: seen }), both);
});

Deno.test("an adopted double of an item's license covers nothing", () => {
  const double = { ...whole, origin: "adopted" as const };
  assert.deepEqual(covered([double, ofItem("si_1")]), each);
});

Deno.test("what a license of the whole stood for was paid for, though it is gone", () => {
  const subscription = said(snapshotWith({ si_1: {} }));
  assert.deepEqual(covered([whole], { subscription }), [[null, "product-b", saidAt + day]]);
  const own = [whole, ofItem("si_2", { endedAt: new Date(0) })];
  assert.deepEqual(covered(own, { subscription }), [[null, "product-b", saidAt]], "it had its own");
  const listed = { si_2: listedWith({ isAdded: true }) };
  assert.deepEqual(covered([whole], { subscription, listed }), [[null, "product-b", saidAt]]);
});

Deno.test("money of an item that had its own license is none of the whole's, whatever maps it now", () => {
  const facts = {
    subscriptionTerms: said(termsOf("product-a")),
    items: { ...two, si_2: itemWith({}, { paidThrough: saidAt + 365 * day }) },
    subscription: said(snapshotWith({ si_1: {} })),
    listed: added,
    catalog: { plans: [], hasPlans: true, productId: null },
  };
  const w = { ...whole, coveredItems: ["si_1"] };
  const endedAt = new Date(0);
  const alone = [[null, "product-a", saidAt]];
  assert.deepEqual(covered([w, ofItem("si_2", { endedAt })], facts), alone);
  assert.deepEqual(covered([ofItem("si_2", { endedAt })], facts), alone, "the whole has none yet");
  const moved = ofItem("si_3", { coveredItems: ["si_2", "si_3"], endedAt });
  assert.deepEqual(covered([w, moved], facts), alone, "its own stood for another item since");
});

Deno.test("what a license of the whole took over from an item's own it stood for, too", () => {
  const subscription = said(snapshotWith({ si_1: {} }));
  const before = ofItem("si_2", { endedAt: new Date(0) });
  const known = [{ ...whole, coveredItems: ["si_1", "si_2"] }, before];
  assert.deepEqual(covered(known, { subscription }), [[null, "product-b", saidAt + day]]);
});
