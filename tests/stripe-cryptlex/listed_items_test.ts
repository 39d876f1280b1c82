import assert from "node:assert/strict";
import { isAdded, lastSeen, removedItems } from "../../functions/stripe-cryptlex/listed_items.ts";
import {
  itemWith,
  lineWith,
  listedWith,
  purchaseWith,
  said,
  saidAt,
  snapshotWith,
} from "./builders/purchase_with.ts";

Deno.test("an item is added if a snapshot said so, and else not", () => {
  const purchase = purchaseWith({ listed: { si_1: listedWith({ isAdded: true }) } });
  assert.deepEqual([isAdded(purchase, "si_1"), isAdded(purchase, "si_2")], [true, false]);
});

Deno.test("an item was last seen in a snapshot, else on an invoice", () => {
  const purchase = purchaseWith({
    listed: { si_1: listedWith({ line: said(lineWith(), { at: 7 }) }) },
    items: { si_1: itemWith(), si_2: itemWith() },
  });
  const seen = ["si_1", "si_2", "si_3"].map((itemId) => lastSeen(purchase, itemId));
  assert.deepEqual(seen, [7, saidAt, null]);
});

Deno.test("what was paid for and is in the subscription no more is removed, as it was last seen", () => {
  const purchase = purchaseWith({
    subscription: said(snapshotWith({ si_1: {} })),
    items: { si_1: itemWith(), si_2: itemWith(), si_3: itemWith() },
    listed: { si_2: listedWith({ line: said(lineWith({ priceId: "price_b" })) }) },
  });
  assert.deepEqual(removedItems(purchase).map(({ itemId, line }) => [itemId, line.priceId]), [
    ["si_2", "price_b"],
    ["si_3", "price_a"],
  ]);
});
