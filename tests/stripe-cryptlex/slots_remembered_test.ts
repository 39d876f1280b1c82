// What a license is known to stand for once it was seen to: the next change is told from that.

import assert from "node:assert/strict";
import { assignSlots, rememberMappings } from "../../functions/stripe-cryptlex/slots.ts";
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
