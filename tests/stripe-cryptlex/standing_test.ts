import assert from "node:assert/strict";
import type { Policy } from "../../functions/stripe-cryptlex/policy.ts";
import type { Purchase } from "../../functions/stripe-cryptlex/purchase.ts";
import { type Standing, standingOf } from "../../functions/stripe-cryptlex/standing.ts";
import {
  type SubscriptionStatus,
  subscriptionStatuses,
} from "../../functions/stripe-cryptlex/subscription_snapshot.ts";
import { policyWith } from "./builders/policy_with.ts";
import {
  chargeWith,
  itemWith,
  purchaseWith,
  said,
  snapshotWith,
} from "./builders/purchase_with.ts";

const good: Standing = { revokes: [], suspends: [], isOver: false, reports: [] };
const seen = (status: SubscriptionStatus) => said(snapshotWith({ si_1: {} }, { status }));
const hasEnded = "the subscription has ended";

function standing(known: Partial<Purchase>, policy: Partial<Policy> = {}): Standing {
  return standingOf(purchaseWith(known), "sub_1", policyWith(policy));
}

Deno.test("a purchase that nothing stands against has its licenses", () => {
  assert.deepEqual(standing({}), good);
  assert.deepEqual(standing({ items: { si_1: itemWith() }, subscription: seen("active") }), good);
});

Deno.test("the end of a subscription revokes, suspends, or lets the paid time run out", () => {
  const ended = (onCancel: Policy["onCancel"]) => standing({ ended: true }, { onCancel });
  assert.deepEqual(ended("revoke"), { ...good, isOver: true, revokes: [hasEnded] });
  assert.deepEqual(ended("suspend"), { ...good, isOver: true, suspends: [hasEnded] });
  assert.deepEqual(ended("expire"), good);
});

Deno.test("what is unpaid or paused is suspended, what is past due works on", () => {
  const suspending = subscriptionStatuses.filter((status) => {
    const { suspends, ...rest } = standing({ subscription: seen(status) });
    assert.deepEqual(rest, { revokes: [], isOver: false, reports: [] });
    if (suspends.length > 0) assert.deepEqual(suspends, [`the subscription is ${status}`]);
    return suspends.length > 0;
  });
  assert.deepEqual(suspending, ["paused", "unpaid"]);
});

Deno.test("every reason counts: what one of them lifted another may still hold", () => {
  const known = {
    subscription: seen("unpaid"),
    disputes: { du_1: { status: "needs_response", createdAt: 1 } },
  } as const;
  assert.deepEqual(standing(known).suspends, [
    "the subscription is unpaid",
    "dispute du_1 is open",
  ]);
  const paid = { ...known, subscription: seen("active") };
  assert.deepEqual(standing(paid).suspends, ["dispute du_1 is open"]);
  const all = standing({ ...known, ended: true });
  assert.deepEqual([all.revokes, all.suspends.length], [[hasEnded], 2]);
});

Deno.test("the money of a subscription that went back is reported, and nothing else", () => {
  const charges = { pi_1: chargeWith({ captured: 1000, refunded: 1000 }) };
  for (const onRefund of ["revoke", "suspend", "ignore"] as const) {
    const { reports, ...rest } = standing({ charges }, { onRefund });
    assert.deepEqual(rest, { revokes: [], suspends: [], isOver: false });
    assert.match(String(reports), /cancel the subscription to end the license/);
  }
  const part = { pi_1: chargeWith({ captured: 1000, refunded: 999 }) };
  assert.deepEqual(standing({ charges: part }), good);
});

Deno.test("of several payments of a subscription each is judged by itself", () => {
  const charges = {
    pi_1: chargeWith({ captured: 1000, refunded: 1000 }),
    pi_2: chargeWith({ captured: 1000 }),
  };
  assert.equal(standing({ charges }).reports.length, 1);
});

Deno.test("a status nobody said suspends nothing, and an end needs no status", () => {
  assert.deepEqual(standing({ subscription: null }), good);
  const ended = { ended: true, subscription: seen("active") };
  assert.deepEqual(standing(ended).revokes, [hasEnded]);
});
