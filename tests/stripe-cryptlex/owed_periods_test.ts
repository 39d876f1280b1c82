import assert from "node:assert/strict";
import fc from "fast-check";
import { owedPeriods, withoutPassed } from "../../functions/stripe-cryptlex/owed_periods.ts";
import { merge, type Purchase } from "../../functions/stripe-cryptlex/purchase.ts";
import { anyPurchase } from "./builders/any_purchase.ts";
import { cutInvoiceWith, itemWith, purchaseWith, sessionWith } from "./builders/purchase_with.ts";

/** Three months of an item, and one of another. */
const periods = { si_1: { 10: 20, 20: 30, 30: 40 }, si_2: { 20: 50 } };

function owed(known: Partial<Purchase>): string[] {
  return owedPeriods(purchaseWith({ periods, ...known }))
    .map(({ itemId, start, end }) => `${itemId} ${start}-${end}`);
}

Deno.test("a period that was seen is owed by nothing but money", () => {
  assert.deepEqual(owed({}), []);
  assert.deepEqual(owed({ items: { si_1: itemWith() }, sessions: { cs_1: sessionWith() } }), []);
});

Deno.test("use that is billed and paid is owed the period it had come to", () => {
  assert.deepEqual(owed({ usedThrough: { si_1: 10 } }), ["si_1 10-20"]);
  assert.deepEqual(owed({ usedThrough: { si_1: 20 } }), ["si_1 10-20", "si_1 20-30"]);
  // In the middle of it, as when a threshold is crossed.
  assert.deepEqual(owed({ usedThrough: { si_1: 15 } }), ["si_1 10-20"]);
  assert.deepEqual(owed({ usedThrough: { si_2: 10 } }), []);
});

Deno.test("a paid invoice that was cut short is owed the period of each item that begins with it", () => {
  const billed = (billedThrough: number | null) => ({
    in_1: cutInvoiceWith({ billedThrough, isListed: true }),
  });
  assert.deepEqual(owed({ cutInvoices: billed(20) }), ["si_1 20-30", "si_2 20-50"]);
  assert.deepEqual(owed({ cutInvoices: billed(25) }), []);
  assert.deepEqual(owed({ cutInvoices: billed(null) }), []);
});

Deno.test("use that began with the subscription is owed its first period once it was bought", () => {
  const usedFrom = { si_1: 10 };
  assert.deepEqual(owed({ usedFrom, sessions: { cs_1: sessionWith() } }), ["si_1 10-20"]);
  assert.deepEqual(owed({ usedFrom }), []);
  const unpaid = { cs_1: sessionWith({ payment: "unpaid" }) };
  assert.deepEqual(owed({ usedFrom, sessions: unpaid }), []);
});

Deno.test("what is passed is dropped, and no period that may still be owed", () => {
  const left = (known: Partial<Purchase>) =>
    Object.keys(withoutPassed(purchaseWith({ periods, ...known })).si_1 ?? {});
  assert.deepEqual(left({}), ["10", "20", "30"]);
  assert.deepEqual(left({ items: { si_1: itemWith({}, { paidThrough: 30 }) } }), ["30"]);
  assert.deepEqual(left({ items: { si_1: itemWith({}, { paidThrough: 40 }) } }), []);
  assert.deepEqual(left({ usedThrough: { si_1: 20 } }), ["20", "30"], "the one owed stays");
});

Deno.test("to know more never takes away what is owed, unless a line pays for it", () => {
  fc.assert(fc.property(anyPurchase, anyPurchase, (a, b) => {
    const both = merge(a, b);
    for (const { itemId, end } of owedPeriods(a)) {
      const ends = owedPeriods(both).filter((period) => period.itemId === itemId)
        .map((period) => period.end);
      assert.ok(Math.max(...ends, both.items[itemId]?.paidThrough ?? 0) >= end);
    }
  }));
});
