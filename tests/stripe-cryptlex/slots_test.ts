import assert from "node:assert/strict";
import type { Terms } from "../../functions/stripe-cryptlex/purchase.ts";
import { assignSlots, rememberMappings } from "../../functions/stripe-cryptlex/slots.ts";
import type { Target } from "../../functions/stripe-cryptlex/targets.ts";
import { knownLicense } from "./builders/known_license.ts";
import { saidAt, termsOf } from "./builders/purchase_with.ts";

function targetOf(terms: Terms | null, changed: Partial<Target> = {}): Target {
  return {
    itemId: "si_1",
    priceId: "price_a",
    productId: "prod_a",
    mappedBy: "plan",
    paidThrough: null,
    terms,
    ...changed,
  };
}

/** The license of `si_1`, made by a plan for product-a. */
const held = knownLicense({
  stripeItemId: "si_1",
  stripePriceId: "price_a",
  stripeProductId: "prod_a",
  mappedBy: "plan",
  entitlementSetId: "set-a",
});

function assigned(targets: readonly Target[], known = [held]) {
  return assignSlots(targets, known).slots.map(({ slot, terms, remapped }) =>
    [slot, terms.productId, remapped] as const
  );
}

Deno.test("each target gets a slot: a Cryptlex product and an ordinal", () => {
  const targets = [
    targetOf(termsOf("product-a")),
    targetOf(termsOf("product-b"), { itemId: "si_2" }),
    targetOf(termsOf("product-a"), { itemId: "si_3" }),
  ];
  assert.deepEqual(assigned(targets, []), [
    ["product-a/1", "product-a", true],
    ["product-b/1", "product-b", true],
    ["product-a/2", "product-a", true],
  ]);
});

Deno.test("what maps nowhere gets none", () => {
  const target = targetOf(null);
  assert.deepEqual(assignSlots([target], []), { slots: [], unmapped: [target] });
});

Deno.test("an edited plan does not change what was sold", () => {
  const edited = targetOf(termsOf("product-b", { entitlementSetId: "set-b" }));
  const [slot] = assignSlots([edited], [held]).slots;
  assert.equal(slot?.slot, "product-a/1");
  assert.deepEqual(slot?.terms, termsOf("product-a", { entitlementSetId: "set-a" }));
  assert.equal(slot?.mappedBy, "plan");
});

Deno.test("a deleted plan does not end what was sold", () => {
  assert.deepEqual(assigned([targetOf(null)]), [["product-a/1", "product-a", false]]);
});

Deno.test("a changed price maps anew: another product is another slot", () => {
  const upgraded = targetOf(termsOf("product-b"), { priceId: "price_b" });
  assert.deepEqual(assigned([upgraded]), [["product-b/1", "product-b", true]]);
});

Deno.test("a changed price on the same Cryptlex product keeps the license, with the new terms", () => {
  const terms = termsOf("product-a", { entitlementSetId: "set-b" });
  const [slot] = assignSlots([targetOf(terms, { priceId: "price_b" })], [held]).slots;
  assert.equal(slot?.slot, "product-a/1");
  assert.deepEqual(slot?.terms, terms);
});

Deno.test("a changed Stripe product maps anew, an unknown one does not", () => {
  const target = (productId: string | null) => targetOf(termsOf("product-b"), { productId });
  assert.deepEqual(assigned([target("prod_b")]), [["product-b/1", "product-b", true]]);
  assert.deepEqual(assigned([target(null)]), [["product-a/1", "product-a", false]]);
  const unknown = { ...held, stripeProductId: null };
  assert.deepEqual(assigned([target("prod_b")], [unknown]), [["product-a/1", "product-a", false]]);
});

Deno.test("a changed price that nothing maps keeps what there is", () => {
  const unmapped = targetOf(null, { priceId: "price_b" });
  assert.deepEqual(assigned([unmapped]), [["product-a/1", "product-a", false]]);
});

Deno.test("an adopted license is never mapped anew", () => {
  const adopted = { ...held, origin: "adopted" as const };
  for (const changed of [{ priceId: "price_b" }, { mappedBy: "session" as const }]) {
    const [slot] = assignSlots([targetOf(termsOf("product-b"), changed)], [adopted]).slots;
    assert.deepEqual([slot?.slot, slot?.remapped], ["product-a/1", false]);
  }
});

Deno.test("a session that comes after the license maps it anew once", () => {
  const late = targetOf(termsOf("product-b"), { itemId: null, mappedBy: "session" });
  assert.deepEqual(assigned([late]), [["product-b/1", "product-b", true]]);
  const licenses = new Map([["license-2", {
    ...held,
    licenseId: "license-2",
    slot: "product-b/1",
    cryptlexProductId: "product-b",
  }]]);
  rememberMappings(licenses, assignSlots([late], [held]).slots);
  const later = { ...late, terms: termsOf("product-c") };
  assert.deepEqual(assigned([later], [...licenses.values()]), [[
    "product-b/1",
    "product-b",
    false,
  ]]);
});

Deno.test("the first invoice maps anew what its session, delivered before it, left to the setting", () => {
  const bySetting = knownLicense({ wroteExpiresAt: null });
  const first = { itemId: null, mappedBy: "subscription", paidThrough: saidAt } as const;
  const invoiced = targetOf(termsOf("product-b"), first);
  assert.deepEqual(assigned([invoiced], [bySetting]), [["product-b/1", "product-b", true]]);
  for (const license of [knownLicense(), { ...bySetting, origin: "adopted" as const }]) {
    assert.deepEqual(assigned([invoiced], [license]), [["product-a/1", "product-a", false]]);
  }
});

Deno.test("what an unheard create made stands for what is known by the time it is found", () => {
  const unheard = knownLicense({ wroteExpiresAt: null, mappedBy: "found", stripePriceId: null });
  const invoiced = targetOf(termsOf("product-b"), { mappedBy: "plan", paidThrough: saidAt });
  assert.deepEqual(assigned([invoiced], [unheard]), [["product-b/1", "product-b", true]]);
  const found = { ...unheard, wroteExpiresAt: unheard.expiresAt };
  assert.deepEqual(assigned([invoiced], [found]), [["product-a/1", "product-a", false]]);
});

Deno.test("a session does not overrule a line's own metadata", () => {
  const byLine = { ...held, mappedBy: "line" as const };
  const late = targetOf(termsOf("product-b"), { mappedBy: "session" });
  assert.deepEqual(assigned([late], [byLine]), [["product-a/1", "product-a", false]]);
});

Deno.test("several licenses in one slot are one holder", () => {
  const double = { ...held, licenseId: "license-2" };
  const targets = [
    targetOf(termsOf("product-a")),
    targetOf(termsOf("product-a"), { itemId: "si_2" }),
  ];
  assert.deepEqual(assigned(targets, [held, double]), [
    ["product-a/1", "product-a", false],
    ["product-a/2", "product-a", true],
  ]);
});

Deno.test("of two items each keeps the license made for it, in whatever order they are known", () => {
  const second = { ...held, licenseId: "license-2", slot: "product-a/2", stripeItemId: "si_2" };
  const targets = [
    targetOf(termsOf("product-a")),
    targetOf(termsOf("product-a"), { itemId: "si_2" }),
  ];
  for (const known of [[held, second], [second, held]]) {
    assert.deepEqual(assigned(targets, known).map(([slot]) => slot), [
      "product-a/1",
      "product-a/2",
    ]);
  }
});

Deno.test("a license of another item is not taken for this one's", () => {
  const target = targetOf(termsOf("product-a"), { itemId: "si_2" });
  assert.deepEqual(assigned([target]), [["product-a/2", "product-a", true]]);
});

Deno.test("a license of the item itself is nearer than one of the whole", () => {
  const whole = { ...held, licenseId: "license-2", slot: "product-a/2", stripeItemId: null };
  for (const known of [[whole, held], [held, whole]]) {
    assert.deepEqual(assigned([targetOf(termsOf("product-a"))], known).map(([slot]) => slot), [
      "product-a/1",
    ]);
  }
});

Deno.test("what asks for the whole takes over the license of an item", () => {
  const whole = targetOf(termsOf("product-a"), { itemId: null, mappedBy: "session" });
  assert.deepEqual(assigned([whole]), [["product-a/1", "product-a", true]]);
});

Deno.test("a license stands for one target: the next gets another slot", () => {
  const targets = [
    targetOf(termsOf("product-a")),
    targetOf(termsOf("product-a"), { itemId: null }),
  ];
  assert.deepEqual(assigned(targets), [
    ["product-a/1", "product-a", false],
    ["product-a/2", "product-a", true],
  ]);
});

Deno.test("a living license is nearer than one Cryptlex no longer has", () => {
  const gone = {
    ...held,
    slot: "product-g/1",
    cryptlexProductId: "product-g",
    goneAt: new Date("2026-11-02T10:00:00Z"),
  };
  for (const known of [[gone, held], [held, gone]]) {
    assert.deepEqual(assigned([targetOf(null)], known), [["product-a/1", "product-a", false]]);
  }
});

Deno.test("a license Cryptlex no longer has still holds its slot, one we ended does not", () => {
  const at = new Date("2026-11-02T10:00:00Z");
  const target = targetOf(termsOf("product-a"));
  assert.deepEqual(assigned([target], [{ ...held, goneAt: at }]).map(([slot]) => slot), [
    "product-a/1",
  ]);
  assert.deepEqual(assigned([target], [{ ...held, endedAt: at }]).map(([, , is]) => is), [true]);
});

Deno.test("what a license stands for is noted, and what was known is not forgotten", () => {
  const licenses = new Map([["license-1", knownLicense()]]);
  const target = targetOf(termsOf("product-a"), { productId: null });
  rememberMappings(licenses, assignSlots([target], [...licenses.values()]).slots);
  assert.equal(licenses.get("license-1")?.stripePriceId, "price_a");
  assert.equal(licenses.get("license-1")?.stripeProductId, null);
});

Deno.test("a price that was not followed still counts as changed once it is mapped", () => {
  const licenses = new Map([["license-1", held]]);
  const unmapped = targetOf(null, { priceId: "price_b" });
  rememberMappings(licenses, assignSlots([unmapped], [held]).slots);
  assert.equal(licenses.get("license-1")?.stripePriceId, "price_a");
  const mapped = targetOf(termsOf("product-b"), { priceId: "price_b" });
  assert.deepEqual(assigned([mapped], [...licenses.values()]), [[
    "product-b/1",
    "product-b",
    true,
  ]]);
});

Deno.test("a price once followed is noted: the same price later maps nothing anew", () => {
  const licenses = new Map([["license-1", held]]);
  const upgraded = targetOf(termsOf("product-a"), { priceId: "price_b" });
  rememberMappings(licenses, assignSlots([upgraded], [held]).slots);
  const [slot] = assignSlots([{ ...upgraded, terms: termsOf("product-z") }], [...licenses.values()])
    .slots;
  assert.deepEqual([slot?.slot, slot?.remapped], ["product-a/1", false]);
});
