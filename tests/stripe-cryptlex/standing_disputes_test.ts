// What a purchase comes to while its money is disputed, and after.

import assert from "node:assert/strict";
import { disputeStatuses, stageOf } from "../../functions/stripe-cryptlex/disputes.ts";
import type { Policy } from "../../functions/stripe-cryptlex/policy.ts";
import type { Purchase } from "../../functions/stripe-cryptlex/purchase.ts";
import { standingOf } from "../../functions/stripe-cryptlex/standing.ts";
import { policyWith } from "./builders/policy_with.ts";
import { cutInvoiceWith, itemWith, purchaseWith, saidAt } from "./builders/purchase_with.ts";

type Reasons = [revokes: readonly string[], suspends: readonly string[]];
const none: Reasons = [[], []];
const isOpen = "dispute du_1 is open";
const wasLost = "dispute du_1 was lost, and nothing was paid since";

function reasons(
  disputes: Purchase["disputes"],
  { purchaseId = "sub_1", onDispute = "suspend", items = {}, cutInvoices = {} }: {
    purchaseId?: string;
    onDispute?: Policy["onDispute"];
    items?: Purchase["items"];
    cutInvoices?: Purchase["cutInvoices"];
  } = {},
): Reasons {
  const purchase = purchaseWith({ disputes, items, cutInvoices });
  const { revokes, suspends } = standingOf(purchase, purchaseId, policyWith({ onDispute }));
  return [revokes, suspends];
}

const disputed = (status: typeof disputeStatuses[number]) => ({
  du_1: { status, createdAt: saidAt },
});

Deno.test("only a dispute that is open or lost, appealed or not, stands against a purchase", () => {
  for (const purchaseId of ["sub_1", "pi_1"]) {
    const standing = disputeStatuses.filter((status) => {
      const [revokes, suspends] = reasons(disputed(status), { purchaseId });
      return revokes.length + suspends.length > 0;
    });
    assert.deepEqual(standing, [
      "needs_response",
      "under_review",
      "lost",
      "appeal_needs_response",
      "appeal_under_review",
    ]);
  }
});

Deno.test("an open dispute suspends, revokes, or changes nothing", () => {
  for (const status of ["needs_response", "under_review"] as const) {
    for (const purchaseId of ["sub_1", "pi_1"]) {
      const of = (onDispute: Policy["onDispute"]) =>
        reasons(disputed(status), { purchaseId, onDispute });
      assert.deepEqual(of("suspend"), [[], [isOpen]]);
      assert.deepEqual(of("revoke"), [[isOpen], []]);
      assert.deepEqual(of("ignore"), none);
    }
  }
});

Deno.test("a lost dispute revokes a one-time purchase, unless disputes are ignored", () => {
  for (const purchaseId of ["pi_1", "cs_1", "in_1"]) {
    const of = (onDispute: Policy["onDispute"]) =>
      reasons(disputed("lost"), { purchaseId, onDispute });
    assert.deepEqual(of("suspend"), [["dispute du_1 was lost"], []]);
    assert.deepEqual(of("revoke"), [["dispute du_1 was lost"], []]);
    assert.deepEqual(of("ignore"), none);
  }
});

Deno.test("a lost dispute leaves a subscription as it was while it was open", () => {
  const of = (onDispute: Policy["onDispute"]) => reasons(disputed("lost"), { onDispute });
  assert.deepEqual(of("suspend"), [[], [wasLost]]);
  assert.deepEqual(of("revoke"), [[wasLost], []]);
  assert.deepEqual(of("ignore"), none);
});

Deno.test("a period paid for that began after it lifts a subscription's lost dispute", () => {
  const paidFrom = (...starts: (number | null)[]) => ({
    items: Object.fromEntries(
      starts.map((paidFrom, i) => [`si_${i}`, itemWith({}, { paidFrom })]),
    ),
  });
  const lost = disputed("lost");
  assert.deepEqual(reasons(lost, paidFrom(saidAt + 1)), none);
  assert.deepEqual(reasons(lost, paidFrom(saidAt - 1, null, saidAt + 1)), none);
  for (const start of [saidAt, saidAt - 1, null]) {
    assert.deepEqual(reasons(lost, paidFrom(start)), [[], [wasLost]], String(start));
  }
});

Deno.test("so does a paid invoice that was cut short and billed through a later moment", () => {
  const lost = disputed("lost");
  const billed = (billedThrough: number | null) => ({
    cutInvoices: { in_1: cutInvoiceWith({ billedThrough }) },
  });
  assert.deepEqual(reasons(lost, billed(saidAt + 1)), none);
  for (const through of [saidAt, null]) {
    assert.deepEqual(reasons(lost, billed(through)), [[], [wasLost]]);
  }
});

Deno.test("no payment lifts a dispute that is open, or a one-time purchase's lost one", () => {
  const items = { si_1: itemWith({}, { paidFrom: saidAt + 1 }) };
  assert.deepEqual(reasons(disputed("needs_response"), { items }), [[], [isOpen]]);
  assert.deepEqual(reasons(disputed("lost"), { items, purchaseId: "pi_1" }), [
    ["dispute du_1 was lost"],
    [],
  ]);
});

Deno.test("each dispute counts: one that was won lifts nothing of another's", () => {
  const both = {
    du_1: { status: "won", createdAt: saidAt },
    du_2: { status: "under_review", createdAt: saidAt },
    du_3: { status: "lost", createdAt: saidAt },
  } as const;
  assert.deepEqual(reasons(both, { purchaseId: "pi_1" }), [
    ["dispute du_3 was lost"],
    ["dispute du_2 is open"],
  ]);
});

Deno.test("an inquiry takes no money, and so nothing from the buyer", () => {
  const inquiries = disputeStatuses.filter((status) =>
    stageOf({ status, createdAt: 1 }) === "inquiry"
  );
  assert.deepEqual(inquiries, ["warning_needs_response", "warning_under_review"]);
  for (const status of inquiries) {
    assert.deepEqual(reasons(disputed(status), { onDispute: "revoke" }), none);
  }
});
