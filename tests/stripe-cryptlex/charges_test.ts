import assert from "node:assert/strict";
import {
  isRefunded,
  mergeCharge,
  refundedAmount,
} from "../../functions/stripe-cryptlex/charges.ts";
import { chargeWith } from "./builders/purchase_with.ts";

const half = { amount: 4950, status: "succeeded" } as const;
const failed = { amount: 9900, status: "failed" } as const;

Deno.test("a refund in two parts is full when both are there, in either order", () => {
  const parts = [chargeWith({ refunds: { re_1: half } }), chargeWith({ refunds: { re_2: half } })];
  for (const part of parts) assert.equal(isRefunded([part], 9900), false);
  for (const [a, b] of [parts, parts.toReversed()]) {
    assert.ok(a !== undefined && b !== undefined);
    assert.equal(isRefunded([mergeCharge(a, b)], 9900), true);
  }
});

Deno.test("what the charge says went back counts where no refund is known", () => {
  assert.equal(refundedAmount(chargeWith({ refunded: 4950 })), 4950);
  assert.equal(isRefunded([chargeWith({ refunded: 9900 })], null), true);
});

Deno.test("a refund that failed gave nothing back, though it had succeeded before", () => {
  const succeeded = chargeWith({ refunds: { re_1: { ...failed, status: "succeeded" } } });
  const merged = mergeCharge(chargeWith({ refunds: { re_1: failed } }), succeeded);
  assert.equal(merged.refunds.re_1?.status, "failed");
  assert.equal(isRefunded([merged], 9900), false);
});

Deno.test("what the charge had said went back is less a refund that failed after", () => {
  const seen = chargeWith({ refunded: 9900 });
  assert.equal(isRefunded([seen], 9900), true);
  const merged = mergeCharge(seen, chargeWith({ captured: null, refunds: { re_1: failed } }));
  assert.equal(refundedAmount(merged), 0);
  assert.equal(isRefunded([merged], 9900), false);
});

Deno.test("a second refund after one that failed is full all the same", () => {
  const charge = chargeWith({
    refunded: 9900,
    refunds: { re_1: failed, re_2: { ...failed, status: "succeeded" } },
  });
  assert.equal(isRefunded([charge], 9900), true);
});

Deno.test("a refund under way gave nothing back yet", () => {
  const charge = chargeWith({ refunds: { re_1: { ...half, status: "pending" } } });
  assert.equal(refundedAmount(charge), 0);
});

Deno.test("where no charge was seen the price says what was paid", () => {
  const charge = chargeWith({ captured: null, refunds: { re_1: { ...half, amount: 9900 } } });
  assert.equal(isRefunded([charge], 9900), true);
  assert.equal(isRefunded([charge], 9901), false);
  assert.equal(isRefunded([charge], null), false);
});

Deno.test("of several payments all the money is to go back", () => {
  const back = chargeWith({ refunded: 9900 });
  assert.equal(isRefunded([back, chargeWith()], 9900), false);
  assert.equal(isRefunded([back, back], 9900), true);
});

Deno.test("of a free order nothing can go back", () => {
  assert.equal(isRefunded([], 0), false);
  assert.equal(isRefunded([chargeWith({ captured: 0 })], 0), false);
});
