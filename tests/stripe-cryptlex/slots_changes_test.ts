// What a change of what was bought does to licenses, and the next one, and the one after.

import assert from "node:assert/strict";
import type { KnownLicense } from "../../functions/stripe-cryptlex/known_license.ts";
import type { Target } from "../../functions/stripe-cryptlex/targets.ts";
import { knownLicense } from "./builders/known_license.ts";
import { changesOver, endedAt, settleSlots } from "./builders/slots_settled.ts";
import { licenseSeats, targetOf } from "./builders/target_of.ts";

/** So many licenses of `si_1`. */
const units = (quantity: number, changed: Partial<Target> = {}) => [
  targetOf("product-a", { seats: licenseSeats, quantity, ...changed }),
];
/** `si_1` at this price, which buys that product. */
const at = (priceId: string, productId: string) => [targetOf(productId, { priceId })];
const item = (itemId: string, productId: string | null = "product-a", priceId = "price_a") =>
  targetOf(productId, { itemId, priceId });

/** Licenses of product-a, one of each ordinal, of `si_1`. */
const unitRows = (...changes: Partial<KnownLicense>[]) =>
  changes.map((changed, i) =>
    knownLicense({
      licenseId: `license-${i + 1}`,
      slot: `product-a/${i + 1}`,
      seats: licenseSeats,
      mappedBy: "plan",
      stripeItemId: "si_1",
      stripePriceId: "price_a",
      stripeProductId: "prod_a",
      ...changed,
    })
  );

Deno.test("fewer units end the highest ordinals, more again take the same ones up", () => {
  assert.deepEqual(changesOver(units(3), units(5), units(3), units(5)), [
    ["create product-a/1", "create product-a/2", "create product-a/3"],
    ["create product-a/4", "create product-a/5"],
    ["end product-a/4", "end product-a/5"],
    ["revive product-a/4", "revive product-a/5"],
  ]);
});

Deno.test("more units than ever take up what there was, and make the rest", () => {
  assert.deepEqual(changesOver(units(2), units(1), units(4)).at(-1), [
    "revive product-a/2",
    "create product-a/3",
    "create product-a/4",
  ]);
});

Deno.test("the tenth unit comes after the ninth", () => {
  const ended = changesOver(units(11), units(9))[1];
  assert.deepEqual(ended, ["end product-a/10", "end product-a/11"]);
});

Deno.test("back to a product bought before is back to its license", () => {
  const a = at("price_a", "product-a");
  const b = at("price_b", "product-b");
  assert.deepEqual(changesOver(a, b, a, b), [
    ["create product-a/1"],
    ["create product-b/1", "end product-a/1"],
    ["revive product-a/1", "end product-b/1"],
    ["revive product-b/1", "end product-a/1"],
  ]);
});

Deno.test("a license is ended after the one that takes its place, unit by unit", () => {
  const before = settleSlots(units(3), []).known;
  const { slots } = settleSlots(units(3, { priceId: "price_b", terms: null }), before);
  assert.deepEqual(slots.map(({ replaces }) => replaces), [null, null, null]);
  const other = [targetOf("product-b", { priceId: "price_b", seats: licenseSeats, quantity: 2 })];
  const after = settleSlots(other, before);
  assert.deepEqual(after.slots.map(({ slot, replaces }) => [slot, replaces]), [
    ["product-b/1", "product-a/1"],
    ["product-b/2", "product-a/2"],
  ]);
  // Also the one in whose place none comes: should they not be made, the buyer keeps all there were.
  assert.deepEqual(after.changes, [
    "create product-b/1",
    "create product-b/2",
    "end product-a/1",
    "end product-a/2",
    "end product-a/3",
  ]);
});

Deno.test("what is sold by the unit now was one license before, and is again later", () => {
  const one = at("price_one", "product-a");
  const three = units(3, { priceId: "price_unit" });
  assert.deepEqual(changesOver(one, three, one), [
    ["create product-a/1"],
    ["create product-a/2", "create product-a/3"],
    ["end product-a/2", "end product-a/3"],
  ]);
});

Deno.test("a price that is not mapped keeps every unit, as many as are paid for", () => {
  const unmapped = (quantity: number) => units(quantity, { terms: null, priceId: "price_b" });
  assert.deepEqual(changesOver(units(3), unmapped(3), unmapped(2)).slice(1), [
    [],
    ["end product-a/3"],
  ]);
});

Deno.test("an item replaced by another of the same product keeps the license", () => {
  const [, changes] = changesOver([item("si_1")], [item("si_2", "product-a", "price_b")]);
  assert.deepEqual(changes, []);
});

Deno.test("an item that comes back later takes up what was ended with it", () => {
  const changes = changesOver([item("si_1"), item("si_2")], [item("si_1")], [
    item("si_1"),
    item("si_3"),
  ]);
  assert.deepEqual(changes.slice(1), [["end product-a/2"], ["revive product-a/2"]]);
});

Deno.test("an item replaced by one that nothing maps keeps what was there", () => {
  const [, kept, still] = changesOver(
    [item("si_1")],
    [item("si_2", null, "price_b")],
    [item("si_3", null, "price_c")],
  );
  assert.deepEqual([kept, still], [[], []]);
});

Deno.test("an item that nothing maps beside one that is mapped brings nothing", () => {
  const { changes, unmapped } = settleSlots([item("si_1"), item("si_2", null)], unitRows({}));
  assert.deepEqual([changes, unmapped.map(({ itemId }) => itemId)], [[], ["si_2"]]);
});

Deno.test("two new items do not fight over the license of one that is no more", () => {
  const known = unitRows({ stripeItemId: "si_old" });
  const { slots, changes } = settleSlots([item("si_1"), item("si_2")], known);
  assert.deepEqual(slots.map(({ slot }) => slot), ["product-a/1", "product-a/2"]);
  assert.deepEqual(changes, ["create product-a/2"]);
  const nothing = settleSlots([item("si_1", null), item("si_2", null)], known);
  assert.deepEqual(nothing.slots.map(({ target }) => target.itemId), ["si_1"]);
  assert.deepEqual(nothing.unmapped.map(({ itemId }) => itemId), ["si_2"]);
});

Deno.test("a new item takes nothing from an item that is there", () => {
  const { changes } = settleSlots([item("si_1"), item("si_0")], unitRows({}));
  assert.deepEqual(changes, ["create product-a/2"]);
});

Deno.test("an item beside the rest leaves the license of the rest to the rest", () => {
  const rest = targetOf("product-a", { itemId: null, mappedBy: "setting", priceId: null });
  const whole = knownLicense({ wroteExpiresAt: null });
  const own = targetOf("product-own", { mappedBy: "line" });
  const { slots, changes, known } = settleSlots([own, rest], [whole]);
  assert.deepEqual(changes, ["create product-own/1"]);
  assert.deepEqual(slots.map(({ replaces }) => replaces), [null, null]);
  const same = targetOf("product-a", { mappedBy: "line", priceId: "price_b" });
  const after = settleSlots([same, rest], known);
  assert.deepEqual(after.slots.map(({ slot, target }) => [slot, target.itemId]), [
    ["product-a/2", "si_1"],
    ["product-a/1", null],
  ]);
});

Deno.test("where only an item is left to ask, it has the license of the whole", () => {
  const whole = knownLicense({ wroteExpiresAt: null });
  assert.deepEqual(settleSlots([item("si_1")], [whole]).changes, []);
  const other = settleSlots([targetOf("product-own", { paidThrough: 1 })], [whole]);
  assert.deepEqual(other.changes, ["create product-own/1", "end product-a/1"]);
});

Deno.test("a unit deleted in Cryptlex is not made again, and holds its place", () => {
  const known = unitRows({}, { goneAt: endedAt }, {});
  assert.deepEqual(settleSlots(units(3), known).changes, []);
  assert.deepEqual(settleSlots(units(4), known).changes, ["create product-a/4"]);
  assert.deepEqual(settleSlots(units(1), known).changes, ["end product-a/3"]);
});

Deno.test("a unit we ended that was deleted since is not taken up: another one is made", () => {
  const known = unitRows({}, { endedAt, goneAt: endedAt });
  assert.deepEqual(settleSlots(units(2), known).changes, ["create product-a/3"]);
});

Deno.test("a unit half moved to another product goes on from where it was", () => {
  const known = [
    ...unitRows({}, {}, {}),
    knownLicense({
      licenseId: "license-b",
      slot: "product-b/1",
      cryptlexProductId: "product-b",
      seats: licenseSeats,
      mappedBy: "plan",
      stripeItemId: "si_1",
      stripePriceId: "price_b",
    }),
  ];
  const moved = [targetOf("product-b", { priceId: "price_b", seats: licenseSeats, quantity: 3 })];
  const { changes, known: after } = settleSlots(moved, known);
  assert.deepEqual(changes.toSorted(), [
    "create product-b/2",
    "create product-b/3",
    "end product-a/1",
    "end product-a/2",
    "end product-a/3",
  ]);
  assert.deepEqual(settleSlots(moved, after).changes, []);
});

Deno.test("a surplus license of ours is nobody's second unit once it was ended", () => {
  const known = unitRows({}, { slot: "product-a/1~license-2" });
  const ended = settleSlots(units(1), known);
  assert.deepEqual(ended.changes, ["end product-a/1~license-2"]);
  assert.deepEqual(settleSlots(units(2), ended.known).changes, ["create product-a/2"]);
});

Deno.test("whatever was changed, the same again changes nothing", () => {
  const seen = [
    units(3),
    units(1),
    at("price_b", "product-b"),
    [item("si_2", "product-b", "price_b"), item("si_3", null)],
    [item("si_4"), item("si_2", "product-b", "price_b")],
    [],
    units(2),
  ];
  let known: readonly KnownLicense[] = [];
  for (const targets of seen) {
    known = settleSlots(targets, known).known;
    assert.deepEqual(settleSlots(targets, known).changes, []);
  }
});
