import assert from "node:assert/strict";
import { nothing, type Purchase } from "../../../functions/stripe-cryptlex/purchase.ts";
import { contentOf, newsIn } from "../../../tools/reconcile/essence.ts";

const line = {
  priceId: "price_1",
  productId: null,
  terms: null,
  quantity: 2,
  interval: null,
};

function seen(at: number, by: string, changed: Partial<Purchase> = {}): Purchase {
  return {
    ...nothing,
    customerId: { value: "cus_1", at, by },
    items: { si_1: { paidThrough: 100, paidFrom: 0, line: { value: line, at, by } } },
    subscription: {
      value: {
        status: "active",
        items: { si_1: { line, currentPeriodEnd: at } },
        isPartial: false,
      },
      at,
      by,
    },
    ...changed,
  };
}

Deno.test("who said it, and when, is no news, and no other content", () => {
  assert.deepEqual(newsIn(seen(1, "evt_1"), seen(2, "read")), []);
  const { subscription: _, ...rest } = seen(1, "evt_1");
  const { subscription: __, ...later } = seen(2, "read");
  assert.equal(contentOf({ ...nothing, ...rest }), contentOf({ ...nothing, ...later }));
});

Deno.test("what is shown and not known is news, in words", () => {
  const known = seen(1, "evt_1");
  for (
    const [changed, words] of [
      [{ ended: true }, ["its end"]],
      [{ trialThrough: 5 }, ["its trial"]],
      [{ disputes: { du_1: { status: "lost", createdAt: 1 } } }, ["a dispute"]],
      [
        { charges: { pi_1: { captured: 5, refunded: 0, refunds: {} } } },
        ["a refund"],
      ],
      [{ items: {} }, ["a paid period"]],
      [{ subscription: null }, ["what the subscription consists of", "its status"]],
      [{ email: { value: "a@b.c", at: 1, by: "read" } }, []],
    ] satisfies [Partial<Purchase>, string[]][]
  ) {
    assert.deepEqual(newsIn(known, { ...known, ...changed }), words);
  }
});
