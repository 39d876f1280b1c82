import assert from "node:assert/strict";
import {
  isEmptied,
  latestPaid,
  presentItems,
} from "../../functions/stripe-cryptlex/present_items.ts";
import type { Line, Purchase } from "../../functions/stripe-cryptlex/purchase.ts";
import type {
  Snapshot,
  SnapshotItem,
} from "../../functions/stripe-cryptlex/subscription_snapshot.ts";
import {
  cutInvoiceWith,
  day,
  itemWith,
  lineWith,
  purchaseWith,
  said,
  saidAt,
  sessionWith,
} from "./builders/purchase_with.ts";

const month = saidAt + 30 * day;
const year = saidAt + 365 * day;

/** An active subscription of these items. */
const subscribed = (items: Snapshot["items"], { isPartial = false } = {}) =>
  said<Snapshot>({ status: "active", isPartial, items });

/** An item whose period ends then, Unix seconds. */
function listed(line: Partial<Line> = {}, currentPeriodEnd: number | null = null): SnapshotItem {
  return { line: lineWith(line), currentPeriodEnd };
}

/** Which items there are, of which price, paid through when. */
function present(known: Partial<Purchase>) {
  return presentItems(purchaseWith(known)).map(({ itemId, line, paidThrough }) =>
    [itemId, line.priceId, paidThrough] as const
  );
}

Deno.test("while nobody saw the subscription, what was paid for is there", () => {
  const items = { si_2: itemWith({ priceId: "price_b" }, { paidThrough: year }), si_1: itemWith() };
  assert.deepEqual(present({ items }), [["si_1", "price_a", month], ["si_2", "price_b", year]]);
});

Deno.test("what the subscription was last seen to hold is there, and nothing else", () => {
  const items = { si_1: itemWith(), si_removed: itemWith() };
  const subscription = subscribed({
    si_1: listed({ priceId: "price_new", quantity: 3 }),
    si_added: listed({}, month),
  });
  assert.deepEqual(present({ items, subscription }), [
    ["si_1", "price_new", month],
    ["si_added", "price_a", month],
  ]);
  const [first] = presentItems(purchaseWith({ items, subscription }));
  assert.deepEqual(first?.line, lineWith({ priceId: "price_new", quantity: 3 }));
});

Deno.test("a list that Stripe cut short ends nothing that was paid for", () => {
  const items = { si_1: itemWith({ priceId: "price_old" }), si_11: itemWith({}) };
  const subscription = subscribed({ si_1: listed() }, { isPartial: true });
  assert.deepEqual(present({ items, subscription }), [
    ["si_1", "price_a", month],
    ["si_11", "price_a", month],
  ]);
});

Deno.test("of a quantity of 0 there is nothing, of an unknown one there is", () => {
  const subscription = subscribed({
    si_0: listed({ quantity: 0 }),
    si_1: listed({ quantity: 1 }),
    si_null: listed({ quantity: null }),
  });
  assert.deepEqual(present({ subscription }).map(([itemId]) => itemId), ["si_1", "si_null"]);
  const items = { si_0: itemWith() };
  const partial = subscribed({ si_0: listed({ quantity: 0 }) }, { isPartial: true });
  assert.deepEqual(present({ subscription: partial, items }), []);
});

Deno.test("an item's own paid time counts, whatever its period is said to be", () => {
  const items = { si_1: itemWith({}, { paidThrough: month }) };
  for (const end of [null, saidAt, year]) {
    const subscription = subscribed({ si_1: listed({}, end) });
    assert.deepEqual(present({ items, subscription }), [["si_1", "price_a", month]]);
  }
});

Deno.test("an item not paid for itself borrows the purchase's paid time, within its own period", () => {
  const items = { si_old: itemWith({}, { paidThrough: month }) };
  const borrowed = (currentPeriodEnd: number | null) =>
    present({ items, subscription: subscribed({ si_new: listed({}, currentPeriodEnd) }) })[0]
      ?.[2];
  assert.equal(borrowed(year), month);
  assert.equal(borrowed(saidAt), saidAt);
  assert.equal(borrowed(null), month);
});

Deno.test("of a purchase never paid for there is no time to borrow", () => {
  const subscription = subscribed({ si_1: listed({}, year) });
  assert.deepEqual(present({ subscription }), [["si_1", "price_a", null]]);
  const items = { si_old: itemWith({}, { paidThrough: null }) };
  assert.deepEqual(present({ items, subscription })[0]?.[2], null);
});

Deno.test("a trial counts to its end, and paid time beyond it counts more", () => {
  const trialThrough = saidAt + 14 * day;
  const subscription = subscribed({ si_1: listed({}, trialThrough) });
  assert.deepEqual(present({ subscription, trialThrough }), [["si_1", "price_a", trialThrough]]);
  const items = { si_1: itemWith({}, { paidThrough: month }) };
  assert.deepEqual(present({ items, subscription, trialThrough }), [["si_1", "price_a", month]]);
  assert.deepEqual(present({ items, trialThrough: year }), [["si_1", "price_a", year]]);
});

Deno.test("of a one-time purchase the lines of its paid sessions are there", () => {
  const lines = { li_1: said(lineWith({ quantity: 2 })) };
  const paid = sessionWith({ lines });
  assert.deepEqual(present({ sessions: { cs_1: paid } }), [["li_1", "price_a", null]]);
  assert.deepEqual(present({ sessions: { cs_1: sessionWith() } }), [], "nobody asked for them");
  for (const payment of ["unpaid", "failed"] as const) {
    assert.deepEqual(present({ sessions: { cs_1: { ...paid, payment } } }), []);
  }
  const another = sessionWith({ lines: { li_2: said(lineWith()) } });
  const ids = present({ sessions: { cs_2: another, cs_1: paid } }).map(([itemId]) => itemId);
  assert.deepEqual(ids, ["li_1", "li_2"]);
});

Deno.test("the lines of its invoice are nearer than those of its session, and not counted twice", () => {
  const sessions = { cs_1: sessionWith({ lines: { li_1: said(lineWith()) } }) };
  const items = { il_1: itemWith({}, { paidThrough: null }) };
  assert.deepEqual(present({ sessions, items }), [["il_1", "price_a", null]]);
});

Deno.test("a subscription everything was taken out of is emptied, one nobody saw is not", () => {
  const items = { si_1: itemWith() };
  const emptied = (subscription: Purchase["subscription"]) =>
    isEmptied(purchaseWith({ items, subscription }));
  assert.equal(emptied(subscribed({})), true);
  assert.equal(emptied(subscribed({ si_1: listed({ quantity: 0 }) })), true);
  assert.equal(emptied(subscribed({ si_2: listed() })), false);
  assert.equal(emptied(subscribed({}, { isPartial: true })), false);
  assert.equal(emptied(null), false);
  assert.equal(isEmptied(purchaseWith()), false);
});

Deno.test("a purchase is paid through the latest of its paid periods", () => {
  const until = (...ends: (number | null)[]) =>
    latestPaid(purchaseWith({
      items: Object.fromEntries(
        ends.map((paidThrough, i) => [`si_${i}`, itemWith({}, { paidThrough })]),
      ),
    }));
  assert.equal(until(month, year, null), year);
  assert.equal(until(null, month), month);
  assert.equal(until(null), null);
  assert.equal(until(), null);
});

Deno.test("a period that is owed counts, though no line shows it", () => {
  const subscription = subscribed({ si_1: listed({}, year), si_2: listed({}, month) });
  const periods = { si_1: { [month]: year }, si_2: { [saidAt]: month } };
  const known = { items: { si_1: itemWith() }, subscription, periods };
  assert.deepEqual(present(known), [["si_1", "price_a", month], ["si_2", "price_a", month]]);
  const cutInvoices = { in_1: cutInvoiceWith({ billedThrough: month }) };
  assert.deepEqual(present({ ...known, cutInvoices }), [
    ["si_1", "price_a", year],
    ["si_2", "price_a", month],
  ]);
  assert.equal(latestPaid(purchaseWith({ ...known, cutInvoices })), year);
  const unlisted = { ...known, cutInvoices, subscription: subscribed({}, { isPartial: true }) };
  assert.deepEqual(present(unlisted), [["si_1", "price_a", year]]);
});
