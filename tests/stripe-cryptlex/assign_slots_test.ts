import assert from "node:assert/strict";
import { assignSlots } from "../../functions/stripe-cryptlex/assign_slots.ts";
import { rememberMappings } from "../../functions/stripe-cryptlex/remember_licenses.ts";
import type { Target } from "../../functions/stripe-cryptlex/targets.ts";
import { knownLicense, licenseFields } from "./builders/known_license.ts";
import { saidAt, termsOf } from "./builders/purchase_with.ts";
import { settleSlots } from "./builders/slots_settled.ts";
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

Deno.test("each target gets a slot: a Cryptlex product and an ordinal", () => {
  const targets = [
    targetOf("product-a"),
    targetOf("product-b", { itemId: "si_2" }),
    targetOf("product-a", { itemId: "si_3" }),
  ];
  assert.deepEqual(assigned(targets, []), [
    ["product-a/1", "product-a", true],
    ["product-b/1", "product-b", true],
    ["product-a/2", "product-a", true],
  ]);
});

Deno.test("what maps nowhere gets none", () => {
  const target = targetOf(null);
  const nothing = { slots: [], unmapped: [target], reports: [] };
  assert.deepEqual(assignSlots([target], []), nothing);
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
  const upgraded = targetOf("product-b", { priceId: "price_b" });
  assert.deepEqual(assigned([upgraded]), [["product-b/1", "product-b", true]]);
});

Deno.test("a changed price on the same Cryptlex product keeps the license, with the new terms", () => {
  const terms = termsOf("product-a", { entitlementSetId: "set-b" });
  const [slot] = assignSlots([targetOf(terms, { priceId: "price_b" })], [held]).slots;
  assert.equal(slot?.slot, "product-a/1");
  assert.deepEqual(slot?.terms, terms);
});

Deno.test("a changed Stripe product maps anew, an unknown one does not", () => {
  const target = (productId: string | null) => targetOf("product-b", { productId });
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
    const [slot] = assignSlots([targetOf("product-b", changed)], [adopted]).slots;
    assert.deepEqual([slot?.slot, slot?.remapped], ["product-a/1", false]);
  }
});

Deno.test("a session that comes after the license maps it anew once", () => {
  const late = targetOf("product-b", { itemId: null, mappedBy: "session" });
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
  const invoiced = targetOf("product-b", first);
  assert.deepEqual(assigned([invoiced], [bySetting]), [["product-b/1", "product-b", true]]);
  for (const license of [knownLicense(), { ...bySetting, origin: "adopted" as const }]) {
    assert.deepEqual(assigned([invoiced], [license]), [["product-a/1", "product-a", false]]);
  }
});

Deno.test("what an unheard create made stands for what is known by the time it is found", () => {
  const unheard = knownLicense({ wroteExpiresAt: null, mappedBy: "found", stripePriceId: null });
  const invoiced = targetOf("product-b", { mappedBy: "plan", paidThrough: saidAt });
  assert.deepEqual(assigned([invoiced], [unheard]), [["product-b/1", "product-b", true]]);
  const found = { ...unheard, wroteExpiresAt: unheard.expiresAt };
  assert.deepEqual(assigned([invoiced], [found]), [["product-a/1", "product-a", false]]);
});

Deno.test("a session does not overrule a line's own metadata", () => {
  const byLine = { ...held, mappedBy: "line" as const };
  const late = targetOf("product-b", { mappedBy: "session" });
  assert.deepEqual(assigned([late], [byLine]), [["product-a/1", "product-a", false]]);
});

Deno.test("several licenses in one slot are one holder", () => {
  const double = { ...held, licenseId: "license-2" };
  const targets = [
    targetOf("product-a"),
    targetOf("product-a", { itemId: "si_2" }),
  ];
  assert.deepEqual(assigned(targets, [held, double]), [
    ["product-a/1", "product-a", false],
    ["product-a/2", "product-a", true],
  ]);
});

Deno.test("of two items each keeps the license made for it, in whatever order they are known", () => {
  const second = { ...held, licenseId: "license-2", slot: "product-a/2", stripeItemId: "si_2" };
  const targets = [
    targetOf("product-a"),
    targetOf("product-a", { itemId: "si_2" }),
  ];
  for (const known of [[held, second], [second, held]]) {
    assert.deepEqual(assigned(targets, known).map(([slot]) => slot), [
      "product-a/1",
      "product-a/2",
    ]);
  }
});

Deno.test("a license of another item is not taken for this one's while that item is there", () => {
  const [first, second] = [targetOf("product-a"), targetOf("product-a", { itemId: "si_2" })];
  const slots = [["product-a/2", "product-a", true], ["product-a/1", "product-a", false]];
  assert.deepEqual(assigned([second, first]), slots);
  assert.deepEqual(assigned([second]), [["product-a/1", "product-a", false]]);
  const other = targetOf("product-b", { itemId: "si_2", priceId: "price_b" });
  assert.deepEqual(assigned([other]), [["product-b/1", "product-b", true]]);
});

Deno.test("a license of the item itself is nearer than one of the whole", () => {
  const whole = { ...held, licenseId: "license-2", slot: "product-a/2", stripeItemId: null };
  for (const known of [[whole, held], [held, whole]]) {
    assert.deepEqual(assigned([targetOf("product-a")], known).map(([slot]) => slot), [
      "product-a/1",
    ]);
  }
});

Deno.test("what asks for the whole takes over the license of an item", () => {
  const whole = targetOf("product-a", { itemId: null, mappedBy: "session" });
  assert.deepEqual(assigned([whole]), [["product-a/1", "product-a", true]]);
});

Deno.test("a license stands for one target: the next gets another slot", () => {
  const targets = [
    targetOf("product-a"),
    targetOf("product-a", { itemId: null }),
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

Deno.test("a license Cryptlex no longer has still holds its slot, mapped as it was", () => {
  const target = targetOf("product-a");
  const gone = { ...held, goneAt: new Date("2026-11-02T10:00:00Z") };
  assert.deepEqual(assigned([target], [gone]), [["product-a/1", "product-a", false]]);
});

Deno.test("one that we ended is taken up again, for what is bought now", () => {
  const ended = { ...held, endedAt: new Date("2026-11-02T10:00:00Z") };
  assert.deepEqual(assigned([targetOf("product-a")], [ended]), [[
    "product-a/1",
    "product-a",
    true,
  ]]);
  const other = [targetOf("product-b")];
  assert.deepEqual(assigned(other, [ended]), [["product-b/1", "product-b", true]]);
  assert.deepEqual(assignSlots([targetOf(null)], [ended]).slots, [], "nothing says of what it is");
});

Deno.test("a slot says what the quantity means and by what it was mapped: frozen, or anew", () => {
  const edited = targetOf("product-a", { seats: licenseSeats, quantity: 2, mappedBy: "price" });
  const of = (target: Target) =>
    assignSlots([target], [held]).slots.map(({ seats, mappedBy }) => [seats.mode, mappedBy]);
  assert.deepEqual(of(edited), [["ignore", "plan"]]);
  assert.deepEqual(of({ ...edited, priceId: "price_b" }), [
    ["licenses", "price"],
    ["licenses", "price"],
  ]);
});

Deno.test("metadata that came too late is told, and not obeyed", () => {
  const late = targetOf("product-b", { itemId: null, mappedBy: "subscription" });
  const { slots, reports } = assignSlots([late], [{ ...held, stripeItemId: null }]);
  assert.deepEqual(slots.map(({ slot }) => slot), ["product-a/1"]);
  assert.match(String(reports), /metadata of the subscription came too late/);
  const obeyed = assignSlots([{ ...late, priceId: "price_b" }], [held]);
  assert.deepEqual([obeyed.slots[0]?.slot, obeyed.reports], ["product-b/1", []]);
});

Deno.test("a slot of another product names the one it takes the place of", () => {
  const upgraded = targetOf("product-b", { priceId: "price_b" });
  const replaced = (known = [held]) => assignSlots([upgraded], known).slots[0]?.replaces;
  assert.equal(replaced(), "product-a/1");
  assert.equal(replaced([]), null);
  assert.equal(replaced([{ ...held, stripePriceId: "price_b" }]), null, "it was not changed");
});

Deno.test("so does one of an item that came instead of another, but not of one that was beside it", () => {
  const instead = targetOf("product-b", { priceId: "price_b", since: 2 });
  const before = { ...held, stripeItemId: "si_gone" };
  const replaced = (lastSeen: number | null, others: readonly Target[] = []) =>
    assignSlots([instead, ...others], [before], () => lastSeen).slots[0]?.replaces;
  assert.equal(replaced(1), "product-a/1");
  assert.equal(replaced(2), null);
  assert.equal(replaced(null), "product-a/1", "nobody saw it");
  const other = targetOf("product-a", { itemId: "si_3" });
  assert.equal(replaced(1, [other]), null, "another one of its product asks for it");
});

Deno.test("an item that nothing maps holds what it came instead of, nothing that it was beside", () => {
  const unmapped = targetOf(null, { itemId: "si_2", priceId: "price_b", since: 2 });
  const kept = (lastSeen: number | null) =>
    assignSlots([unmapped], [held], () => lastSeen).slots.map(({ slot }) => slot);
  assert.deepEqual([kept(1), kept(2), kept(null)], [["product-a/1"], [], ["product-a/1"]]);
});

Deno.test("an order's lines keep their licenses on its invoice, by price, though plans were edited", () => {
  const sold = ["li_1", "li_2"].map((stripeItemId, i) => ({
    ...held,
    stripeItemId,
    licenseId: `license-${i + 1}`,
    slot: `product-a/${i + 1}`,
    stripePriceId: `price_${i + 1}`,
  }));
  const billed = (itemId: string, priceId: string, productId = "product-a") =>
    targetOf(productId, { itemId, priceId, productId: null });
  assert.deepEqual(assigned([billed("il_1", "price_2"), billed("il_2", "price_1")], sold), [
    ["product-a/2", "product-a", false],
    ["product-a/1", "product-a", false],
  ]);
  assert.deepEqual(
    assigned([billed("il_1", "price_2", "product-z"), billed("il_2", "price_1")], sold),
    [["product-a/2", "product-a", false], ["product-a/1", "product-a", false]],
    "the mapping is frozen",
  );
  assert.deepEqual(
    assigned([billed("il_1", "price_new"), billed("il_2", "price_1")], sold.slice(0, 1)),
    [["product-a/2", "product-a", true], ["product-a/1", "product-a", false]],
    "of another price leaves it to its own",
  );
});

Deno.test("of doubles in one slot ours tells whether it may be mapped anew", () => {
  const double = { ...held, licenseId: "license-0", origin: "adopted" as const };
  const upgraded = targetOf("product-a", { priceId: "price_b" });
  for (const known of [[double, held], [held, double]]) {
    assert.deepEqual(assigned([upgraded], known), [["product-a/1", "product-a", true]]);
  }
});

Deno.test("adopted licenses that nothing asks for are followed, each in its slot", () => {
  const found = (licenseId: string, productId: string) =>
    knownLicense({
      licenseId,
      slot: `${productId}/1`,
      cryptlexProductId: productId,
      origin: "adopted",
      mappedBy: "found",
    });
  const known = [found("1", "product-a"), found("2", "product-b"), found("3", "product-b")];
  const whole = targetOf("product-a", { itemId: null, paidThrough: saidAt });
  const { slots, reports } = assignSlots([whole], known);
  assert.deepEqual(
    slots.map(({ slot, isFollowed, target }) => [slot, isFollowed, target.paidThrough]),
    [["product-a/1", false, saidAt], ["product-b/1", true, null]],
  );
  assert.deepEqual(reports, [
    "a license of product-b/1 was there before, and nothing asks for it: no other's money prolongs it",
  ]);
});

Deno.test("one that is followed keeps none of ours from its end", () => {
  const double = { ...held, licenseId: "license-2", origin: "adopted" as const };
  const moved = targetOf("product-b", { priceId: "price_b" });
  const { changes, slots } = settleSlots([moved], [held, double]);
  assert.deepEqual(changes, ["create product-b/1", "end product-a/1"]);
  assert.deepEqual(slots.map(({ slot, isFollowed }) => [slot, isFollowed]), [
    ["product-b/1", false],
    ["product-a/1", true],
  ]);
});

Deno.test("so does one taken up again, or taken over from an item that is no more", () => {
  const present = { ...held, slot: "product-b/1", cryptlexProductId: "product-b" };
  const back = targetOf("product-a", { priceId: "price_back" });
  for (
    const before of [
      { ...held, endedAt: new Date("2026-11-02T10:00:00Z") },
      { ...held, stripeItemId: "si_gone" },
    ]
  ) {
    const [slot] = assignSlots([back], [before, present]).slots;
    assert.deepEqual([slot?.slot, slot?.replaces], ["product-a/1", "product-b/1"]);
  }
});
