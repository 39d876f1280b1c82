// What a license is known to stand for once it was seen to: the next change is told from that.

import assert from "node:assert/strict";
import { assignSlots } from "../../functions/stripe-cryptlex/assign_slots.ts";
import { rememberMappings } from "../../functions/stripe-cryptlex/remember_licenses.ts";
import type { Target } from "../../functions/stripe-cryptlex/targets.ts";
import { knownLicense, licenseFields } from "./builders/known_license.ts";
import { termsOf } from "./builders/purchase_with.ts";
import { licenseSeats, targetOf } from "./builders/target_of.ts";

/** The license of `si_1`, made by a plan for product-a. */
const held = knownLicense({
  stripeItemId: "si_1",
  stripePriceId: "price_a",
  stripeProductId: "prod_a",
  mappedBy: "plan",
  seen: licenseFields({ entitlementSetId: "set-a" }),
  wrote: licenseFields({ entitlementSetId: "set-a" }),
});

function assigned(targets: readonly Target[], known = [held]) {
  return assignSlots(targets, known).slots.map(({ slot, terms, remapped }) =>
    [slot, terms.productId, remapped] as const
  );
}

Deno.test("what a license stands for is noted, and what was known is not forgotten", () => {
  const licenses = new Map([["license-1", knownLicense()]]);
  const target = targetOf("product-a", { productId: null });
  rememberMappings(licenses, assignSlots([target], [...licenses.values()]).slots);
  assert.equal(licenses.get("license-1")?.stripePriceId, "price_a");
  assert.equal(licenses.get("license-1")?.stripeProductId, null);
});

Deno.test("a price that was not followed still counts as changed once it is mapped", () => {
  const licenses = new Map([["license-1", held]]);
  const unmapped = targetOf(null, { priceId: "price_b" });
  rememberMappings(licenses, assignSlots([unmapped], [held]).slots);
  assert.equal(licenses.get("license-1")?.stripePriceId, "price_a");
  const mapped = targetOf("product-b", { priceId: "price_b" });
  assert.deepEqual(assigned([mapped], [...licenses.values()]), [[
    "product-b/1",
    "product-b",
    true,
  ]]);
});

Deno.test("what a license was mapped to anew is noted with it, frozen again from then on", () => {
  const licenses = new Map([["license-1", held]]);
  const terms = termsOf("product-a", { licenseTemplateId: "template-b" });
  const upgraded = targetOf(terms, {
    itemId: "si_2",
    priceId: "price_b",
    seats: licenseSeats,
    mappedBy: "price",
  });
  rememberMappings(licenses, assignSlots([upgraded], [held]).slots);
  const { seats, licenseTemplateId, mappedBy, stripeItemId, stripePriceId, stripeProductId } =
    licenses.get("license-1") ?? held;
  assert.deepEqual([seats, licenseTemplateId, mappedBy], [licenseSeats, "template-b", "price"]);
  assert.deepEqual([stripeItemId, stripePriceId, stripeProductId], ["si_2", "price_b", "prod_a"]);
});

Deno.test("a price once followed is noted: the same price later maps nothing anew", () => {
  const licenses = new Map([["license-1", held]]);
  const upgraded = targetOf("product-a", { priceId: "price_b" });
  rememberMappings(licenses, assignSlots([upgraded], [held]).slots);
  const [slot] = assignSlots([{ ...upgraded, terms: termsOf("product-z") }], [...licenses.values()])
    .slots;
  assert.deepEqual([slot?.slot, slot?.remapped], ["product-a/1", false]);
});

Deno.test("licenses of one target share its mapping, also one that was taken up beside the others", () => {
  const byUnit = { ...held, seats: licenseSeats };
  const past = {
    ...held,
    licenseId: "license-2",
    slot: "product-a/2",
    mappedBy: "price" as const,
    stripePriceId: "price_before",
    endedAt: new Date("2026-11-02T10:00:00Z"),
  };
  const licenses = new Map([["license-1", byUnit], ["license-2", past]]);
  const target = targetOf("product-a", { quantity: 2 });
  const { slots } = assignSlots([target], [...licenses.values()]);
  assert.deepEqual(slots.map(({ slot }) => slot), ["product-a/1", "product-a/2"]);
  rememberMappings(licenses, slots);
  const { seats, mappedBy, stripePriceId } = licenses.get("license-2") ?? past;
  assert.deepEqual([seats, mappedBy, stripePriceId], [licenseSeats, "plan", "price_a"]);
});

Deno.test("what stands for an item instead of one that is no more is that item's from then on", () => {
  const licenses = new Map([["license-1", { ...held, stripeItemId: "si_gone" }]]);
  const unmapped = targetOf(null, { priceId: "price_b" });
  rememberMappings(licenses, assignSlots([unmapped], [...licenses.values()]).slots);
  const [kept] = licenses.values();
  assert.deepEqual([kept?.stripeItemId, kept?.stripePriceId], ["si_1", "price_a"]);
  const mapped = targetOf("product-b", { priceId: "price_b" });
  const [slot] = assignSlots([mapped], [...licenses.values()]).slots;
  assert.deepEqual([slot?.slot, slot?.replaces], ["product-b/1", "product-a/1"]);
});

Deno.test("what stands for the whole still does, though one item asks for it now", () => {
  const whole = { ...held, stripeItemId: null };
  const licenses = new Map([["license-1", whole]]);
  rememberMappings(licenses, assignSlots([targetOf("product-b")], [whole]).slots);
  assert.deepEqual(licenses.get("license-1")?.stripeItemId, null);
});

Deno.test("what an item took over is nobody's once it turns out to have been beside the other", () => {
  const licenses = new Map([["license-1", { ...held, stripeItemId: "si_gone" }]]);
  const unmapped = targetOf(null, { priceId: "price_b", since: 2 });
  const kept = (lastSeen: number) =>
    assignSlots([unmapped], [...licenses.values()], (id) => id === "si_gone" ? lastSeen : 9);
  rememberMappings(licenses, kept(1).slots);
  assert.deepEqual(kept(1).slots.map(({ slot }) => slot), ["product-a/1"]);
  assert.deepEqual(kept(3).slots, []);
});

Deno.test("which items a license stood for is noted, until it is mapped anew", () => {
  const whole = { ...held, stripeItemId: null, coveredItems: ["si_2"] };
  const licenses = new Map([["license-1", whole]]);
  const rest = targetOf("product-a", { itemId: null, priceId: null, covers: ["si_1", "si_2"] });
  rememberMappings(licenses, assignSlots([rest], [whole]).slots);
  assert.deepEqual(licenses.get("license-1")?.coveredItems, ["si_1", "si_2"]);
  const moved = targetOf("product-a", { priceId: "price_b", covers: ["si_1"] });
  rememberMappings(licenses, assignSlots([moved], [...licenses.values()]).slots);
  assert.deepEqual(licenses.get("license-1")?.coveredItems, ["si_1"]);
});

Deno.test("an item that only invoices tell of is not noted as seen, however many of them do", () => {
  const licenses = new Map([["license-1", { ...held, coveredItems: [] }]]);
  for (let invoice = 0; invoice < 2; invoice++) {
    const unseen = targetOf("product-a", { priceId: "price_a", covers: [] });
    rememberMappings(licenses, assignSlots([unseen], [...licenses.values()]).slots);
  }
  const named = targetOf("product-b", { priceId: "price_a", mappedBy: "line", covers: ["si_1"] });
  assert.deepEqual(assigned([named], [...licenses.values()]), [["product-b/1", "product-b", true]]);
});
