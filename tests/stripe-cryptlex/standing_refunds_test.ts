// What a one-time purchase comes to when its money goes back.

import assert from "node:assert/strict";
import type { Charge } from "../../functions/stripe-cryptlex/charges.ts";
import type { Policy } from "../../functions/stripe-cryptlex/policy.ts";
import { standingOf } from "../../functions/stripe-cryptlex/standing.ts";
import { policyWith } from "./builders/policy_with.ts";
import { chargeWith, purchaseWith, sessionWith } from "./builders/purchase_with.ts";

const refunded = "the payment was refunded in full";
const charge = (changed: Partial<Charge>) => chargeWith({ captured: 1000, ...changed });

function standing(
  charges: Record<string, Charge>,
  { amountTotal = null, purchaseId = "pi_1", ...policy }: {
    amountTotal?: number | null;
    purchaseId?: string;
    onRefund?: Policy["onRefund"];
  } = {},
) {
  const purchase = purchaseWith({ charges, sessions: { cs_1: sessionWith({ amountTotal }) } });
  return standingOf(purchase, purchaseId, policyWith(policy));
}

Deno.test("all the money back revokes, suspends, or changes nothing", () => {
  const back = { pi_1: charge({ refunded: 1000 }) };
  const reasons = (onRefund: Policy["onRefund"]) => {
    const { revokes, suspends, isOver } = standing(back, { onRefund });
    assert.equal(isOver, false);
    return [revokes, suspends];
  };
  assert.deepEqual(reasons("revoke"), [[refunded], []]);
  assert.deepEqual(reasons("suspend"), [[], [refunded]]);
  assert.deepEqual(reasons("ignore"), [[], []]);
});

Deno.test("whatever kind of one-time purchase it was", () => {
  for (const purchaseId of ["pi_1", "cs_1", "in_1"]) {
    const { revokes } = standing({ pi_1: charge({ refunded: 1000 }) }, { purchaseId });
    assert.deepEqual(revokes, [refunded]);
  }
});

Deno.test("a part of it back leaves the license, and is reported", () => {
  const { revokes, suspends, reports } = standing({ pi_1: charge({ refunded: 999 }) });
  assert.deepEqual([revokes, suspends, reports], [
    [],
    [],
    ["refunded in part: the license stays"],
  ]);
});

Deno.test("only what was captured has to go back", () => {
  const part = { pi_1: charge({ captured: 600, refunded: 600 }) };
  assert.deepEqual(standing(part, { amountTotal: 1000 }).revokes, [refunded]);
});

Deno.test("where no charge was seen, the price at Checkout is what has to go back", () => {
  const refunds = { re_1: { amount: 1000, status: "succeeded" } } as const;
  const seen = { pi_1: charge({ captured: null, refunds }) };
  assert.deepEqual(standing(seen, { amountTotal: 1000 }).revokes, [refunded]);
  assert.deepEqual(standing(seen, { amountTotal: 1001 }).revokes, []);
  assert.deepEqual(standing(seen).revokes, [], "what was paid is not known");
});

Deno.test("refunds add up, those still pending or failed do not count", () => {
  const refunds = (status: "pending" | "succeeded" | "failed") => ({
    re_1: { amount: 400, status: "succeeded" as const },
    re_2: { amount: 600, status },
  });
  const of = (status: "pending" | "succeeded" | "failed", refunded = 0) =>
    standing({ pi_1: charge({ refunded, refunds: refunds(status) }) }).revokes;
  assert.deepEqual(of("succeeded"), [refunded]);
  assert.deepEqual(of("pending"), []);
  assert.deepEqual(of("failed"), []);
  assert.deepEqual(of("failed", 1000), [], "the charge was seen before it failed");
});

Deno.test("nothing back is nothing to tell", () => {
  const { revokes, reports } = standing({ pi_1: charge({}) });
  assert.deepEqual([revokes, reports], [[], []]);
  assert.deepEqual(standing({ pi_1: charge({ captured: 0 }) }, { amountTotal: 0 }).revokes, []);
});

Deno.test("one payment of an invoice is not all that was paid of it, seen or not", () => {
  const charges = { pi_1: charge({ refunded: 1000 }) };
  const of = (paid: number, also: Record<string, Charge> = {}) =>
    standingOf(
      purchaseWith({ charges: { ...charges, ...also }, invoicesPaid: { in_1: paid } }),
      "pi_1",
      policyWith(),
    );
  assert.deepEqual(of(2500).revokes, []);
  assert.deepEqual(of(2500).reports, ["refunded in part: the license stays"]);
  assert.deepEqual(of(2500, { pi_2: charge({ captured: 1500, refunded: 1499 }) }).revokes, []);
  assert.deepEqual(of(2500, { pi_2: charge({ captured: 1500, refunded: 1500 }) }).revokes, [
    refunded,
  ]);
  assert.deepEqual(of(1000).revokes, [refunded]);
});

Deno.test("of several payments all the money has to go back", () => {
  const first = charge({ refunded: 1000 });
  assert.deepEqual(standing({ pi_1: first, pi_2: charge({}) }).revokes, []);
  assert.deepEqual(standing({ pi_1: first, pi_2: first }).revokes, [refunded]);
});
