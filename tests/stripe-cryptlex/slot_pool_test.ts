import assert from "node:assert/strict";
import type { KnownLicense } from "../../functions/stripe-cryptlex/known_license.ts";
import { createSlotPool } from "../../functions/stripe-cryptlex/slot_pool.ts";
import { knownLicense } from "./builders/known_license.ts";
import { targetOf } from "./builders/target_of.ts";

const at = new Date("2026-11-02T10:00:00Z");
const target = targetOf("product-a");

/** In that slot, of the slot's product, for `si_1`. */
function row(slot: string, changed: Partial<KnownLicense> = {}): KnownLicense {
  return knownLicense({
    licenseId: slot,
    slot,
    cryptlexProductId: slot.slice(0, slot.indexOf("/")),
    stripeItemId: "si_1",
    ...changed,
  });
}

const poolOf = (...known: KnownLicense[]) =>
  createSlotPool(known, [target, targetOf(null, { itemId: "si_2", priceId: null })], () => null);

/** What is taken, one after the other, until there is nothing more. */
function allTaken(pool: ReturnType<typeof poolOf>, productId = "product-a"): string[] {
  const taken: string[] = [];
  for (let one = pool.take(target, productId); one; one = pool.take(target, productId)) {
    taken.push(one.licenseId);
  }
  return taken;
}

Deno.test("a license is offered once, its own item's first, then the ended, then the orphaned", () => {
  const known = [
    row("product-a/1", { stripeItemId: "si_gone", endedAt: at }),
    row("product-a/2", { stripeItemId: "si_gone" }),
    row("product-a/3", { endedAt: at }),
    row("product-a/4", { stripeItemId: null }),
    row("product-a/5"),
    row("product-b/1"),
    row("product-a/6", { stripeItemId: "si_2" }),
  ];
  assert.deepEqual(allTaken(poolOf(...known)), [
    "product-a/5",
    "product-a/4",
    "product-a/3",
    "product-a/2",
    "product-a/1",
  ]);
});

Deno.test("the lowest ordinal comes first, as a number and not as text", () => {
  const known = ["10", "9", "1"].map((ordinal) => row(`product-a/${ordinal}`));
  assert.deepEqual(allTaken(poolOf(...known)), ["product-a/1", "product-a/9", "product-a/10"]);
});

Deno.test("a surplus one stands for nothing, though it be the only one of its item", () => {
  const first = row("product-a/1", { stripeItemId: "si_gone" });
  const pool = poolOf(row("product-a/1~x"), row("product-b/1~y"), first);
  assert.equal(pool.holder(target), null);
  assert.equal(pool.takeReplaced(target, { productId: "product-a", whole: true }), null);
  assert.deepEqual(allTaken(pool), ["product-a/1"]);
});

Deno.test("what is deleted in Cryptlex is offered while we had not ended it", () => {
  const known = [
    row("product-a/1", { goneAt: at }),
    row("product-a/2", { goneAt: at, endedAt: at }),
  ];
  assert.deepEqual(allTaken(poolOf(...known)), ["product-a/1"]);
});

Deno.test("doubles in one slot are taken together", () => {
  const double = row("product-a/1", { licenseId: "double", origin: "adopted" });
  assert.deepEqual(allTaken(poolOf(row("product-a/1"), double)), ["product-a/1"]);
});

Deno.test("who holds it is only told, not taken: of the wanted product first, living first", () => {
  const pool = poolOf(
    row("product-c/1", { goneAt: at }),
    row("product-b/1"),
    row("product-a/1"),
  );
  assert.equal(pool.holder(target)?.slot, "product-a/1");
  assert.equal(pool.holder(target)?.slot, "product-a/1");
  assert.equal(pool.holder(targetOf("product-x"))?.slot, "product-b/1");
  assert.equal(poolOf(row("product-c/1", { goneAt: at })).holder(target)?.slot, "product-c/1");
  assert.equal(poolOf(row("product-a/1", { endedAt: at })).holder(target), null);
  assert.equal(poolOf().holder(target), null);
});

Deno.test("an orphan is held by what nothing maps, not by what is mapped", () => {
  const orphan = row("product-a/1", { stripeItemId: "si_gone" });
  assert.equal(poolOf(orphan).holder(target), null);
  assert.equal(poolOf(orphan).holder(targetOf(null))?.slot, "product-a/1");
  assert.equal(poolOf({ ...orphan, goneAt: at }).holder(targetOf(null)), null);
});

Deno.test("replaced is what stood for the item itself in another product, or for it with the rest", () => {
  const replaced = (known: KnownLicense, whole: boolean) =>
    poolOf(known).takeReplaced(target, { productId: "product-a", whole })?.slot ?? null;
  assert.equal(replaced(row("product-b/1"), false), "product-b/1");
  assert.equal(replaced(row("product-b/1", { stripeItemId: null }), true), "product-b/1");
  assert.equal(replaced(row("product-b/1", { stripeItemId: null }), false), null);
  assert.equal(replaced(row("product-b/1", { stripeItemId: "si_2" }), true), null);
  assert.equal(replaced(row("product-a/1"), true), null);
  assert.equal(replaced(row("product-b/1", { endedAt: at }), true), null);
});

Deno.test("what was replaced once is not replaced again", () => {
  const pool = poolOf(row("product-b/1"), row("product-b/2"));
  const slots = [1, 2, 3].map(() =>
    pool.takeReplaced(target, { productId: "product-a", whole: true })?.slot ?? null
  );
  assert.deepEqual(slots, ["product-b/1", "product-b/2", null]);
});

Deno.test("a new slot is one that nobody ever had", () => {
  const pool = poolOf(row("product-a/1", { endedAt: at }), row("product-a/3", { goneAt: at }));
  const slots = ["product-a", "product-a", "product-b"].map((product) => pool.freeSlot(product));
  assert.deepEqual(slots, ["product-a/2", "product-a/4", "product-b/1"]);
});
