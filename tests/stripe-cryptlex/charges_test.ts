import assert from "node:assert/strict";
import {
  isRefunded,
  mergeCharge,
  refundedAmount,
} from "../../functions/stripe-cryptlex/charges.ts";
import { chargeWith } from "./builders/purchase_with.ts";

const asking = (asked: number | null, payments = 1) => ({ asked, payments, invoiced: null });
const half = { amount: 4950, status: "succeeded" } as const;
const failed = { amount: 9900, status: "failed" } as const;

Deno.test("a refund in two parts is full when both are there, in either order", () => {
  const parts = [chargeWith({ refunds: { re_1: half } }), chargeWith({ refunds: { re_2: half } })];
  for (const part of parts) assert.equal(isRefunded([part], asking(9900)), false);
  for (const [a, b] of [parts, parts.toReversed()]) {
    assert.ok(a !== undefined && b !== undefined);
    assert.equal(isRefunded([mergeCharge(a, b)], asking(9900)), true);
  }
});

Deno.test("what the charge says went back counts where no refund is known", () => {
  assert.equal(refundedAmount(chargeWith({ refunded: 4950 })), 4950);
  assert.equal(isRefunded([chargeWith({ refunded: 9900 })], asking(null)), true);
});

Deno.test("a refund that failed gave nothing back, though it had succeeded before", () => {
  const succeeded = chargeWith({ refunds: { re_1: { ...failed, status: "succeeded" } } });
  const merged = mergeCharge(chargeWith({ refunds: { re_1: failed } }), succeeded);
  assert.equal(merged.refunds.re_1?.status, "failed");
  assert.equal(isRefunded([merged], asking(9900)), false);
});

Deno.test("what the charge had said went back is less a refund that failed after", () => {
  const seen = chargeWith({ refunded: 9900 });
  assert.equal(isRefunded([seen], asking(9900)), true);
  const merged = mergeCharge(seen, chargeWith({ captured: null, refunds: { re_1: failed } }));
  assert.equal(refundedAmount(merged), 0);
  assert.equal(isRefunded([merged], asking(9900)), false);
});

Deno.test("a second refund after one that failed is full all the same", () => {
  const charge = chargeWith({
    refunded: 9900,
    refunds: { re_1: failed, re_2: { ...failed, status: "succeeded" } },
  });
  assert.equal(isRefunded([charge], asking(9900)), true);
});

Deno.test("a refund under way gave nothing back yet", () => {
  const charge = chargeWith({ refunds: { re_1: { ...half, status: "pending" } } });
  assert.equal(refundedAmount(charge), 0);
});

Deno.test("where no charge was seen the price says what was paid", () => {
  const charge = chargeWith({ captured: null, refunds: { re_1: { ...half, amount: 9900 } } });
  assert.equal(isRefunded([charge], asking(9900)), true);
  assert.equal(isRefunded([charge], asking(9901)), false);
  assert.equal(isRefunded([charge], asking(null)), false);
});

Deno.test("of several payments all the money is to go back", () => {
  const back = chargeWith({ refunded: 9900 });
  assert.equal(isRefunded([back, chargeWith()], asking(9900)), false);
  assert.equal(isRefunded([back, back], asking(9900)), true);
});

Deno.test("a payment whose charge was not seen is part of what was paid", () => {
  const back = chargeWith({ refunded: 9900 });
  assert.equal(isRefunded([back], asking(19800, 2)), false);
  assert.equal(isRefunded([back, chargeWith()], asking(19800, 2)), false);
  assert.equal(isRefunded([back, back], asking(19800, 2)), true);
});

Deno.test("of an invoice all that was paid of it has to go back, whatever of that was seen", () => {
  const invoiced = { ...asking(null), invoiced: 19800 };
  const back = chargeWith({ refunded: 9900 });
  assert.equal(isRefunded([back], invoiced), false);
  assert.equal(isRefunded([back, chargeWith({ captured: null })], invoiced), false);
  assert.equal(isRefunded([back, back], invoiced), true);
  // More was captured than it asked for.
  assert.equal(isRefunded([back, back, chargeWith()], invoiced), false);
});

Deno.test("of a free order nothing can go back", () => {
  assert.equal(isRefunded([], asking(0)), false);
  assert.equal(isRefunded([chargeWith({ captured: 0 })], asking(0)), false);
});
