import assert from "node:assert/strict";
import type { Claim } from "../../functions/stripe-cryptlex/claim.ts";
import type { KnownLicense } from "../../functions/stripe-cryptlex/known_license.ts";
import { planPurchase, rehearse } from "../../functions/stripe-cryptlex/plan_purchase.ts";
import type { Purchase } from "../../functions/stripe-cryptlex/purchase.ts";
import { claimOf, eventOf } from "./builders/claim_of.ts";
import { knownLicense } from "./builders/known_license.ts";
import { policyWith } from "./builders/policy_with.ts";
import {
  chargeWith,
  day,
  itemWith,
  purchaseWith,
  said,
  saidAt,
  termsOf,
} from "./builders/purchase_with.ts";

const policy = policyWith();
const customer = {
  stripeCustomerId: "cus_1",
  userId: "user-1",
  userMadeByUs: true,
  wroteName: "Ada",
  isShared: false,
};
const subscription = { subscriptionTerms: said(null) };

function planOf(
  purchase: Partial<Purchase>,
  { claim, licenses = [] }: { claim?: Partial<Claim>; licenses?: KnownLicense[] } = {},
) {
  const known = { purchase: purchaseWith({ ...subscription, ...purchase }), licenses };
  return planPurchase(claimOf(claim), known, policy);
}

Deno.test("what is paid for and not there is made, of the setting's product, grace included", () => {
  const [step, ...more] = planOf({ items: { si_1: itemWith() } }).steps;
  assert.ok(step?.kind === "create" && more.length === 0);
  assert.equal(step.desired.terms.productId, "product-a");
  assert.equal(step.desired.expiresAt?.getTime(), (saidAt + 33 * day) * 1000);
});

Deno.test("while plans are kept the setting maps nothing, and that is the reason", () => {
  const { decision, steps } = planOf({ items: { si_1: itemWith() } }, {
    claim: { hasPlans: true },
  });
  assert.equal(decision.kind === "nothing" && decision.status, "ignored");
  assert.deepEqual(steps, []);
});

Deno.test("a date is renewed to, but never after what must be read first", () => {
  const items = { si_1: itemWith({}, { paidThrough: Date.parse("2027-01-02T10:00:00Z") / 1000 }) };
  const licenses = [knownLicense()];
  const kinds = (mustRead: boolean) =>
    planOf({ items }, { claim: { mustRead }, licenses }).steps
      .map((step) => step.kind === "expiry" ? step.step.kind : step.kind);
  assert.deepEqual(kinds(false), ["renew"]);
  assert.deepEqual(kinds(true), ["set_expires_at"]);
});

Deno.test("what an unheard renewal added goes back at the look for it, and only then", () => {
  const wrote = new Date("2026-12-05T10:00:00Z");
  const items = { si_1: itemWith({}, { paidThrough: wrote.getTime() / 1000 - 3 * day }) };
  const licenses = [
    knownLicense({ wroteExpiresAt: wrote, expiresAt: new Date("2027-01-05T10:00:00Z") }),
  ];
  const steps = (looksAgain: boolean) =>
    planOf({ items }, { claim: { looksAgain }, licenses }).steps;
  assert.equal(steps(true).length, 1);
  assert.equal(steps(false).length, 0);
});

Deno.test("a customer is a user once one is known", () => {
  const decided = (claim: Partial<Claim>) =>
    planOf({}, { claim: { ...claim, purchaseId: "cus_1" } }).decision.kind;
  assert.equal(decided({}), "nothing");
  assert.equal(decided({ customer }), "user");
});

Deno.test("what is mapped nowhere is reported beside what is done", () => {
  const items = {
    si_1: itemWith({ terms: termsOf("product-b") }),
    si_2: itemWith({ priceId: "price_b" }),
  };
  const { steps, reports } = planOf({ items }, { claim: { hasPlans: true } });
  assert.equal(steps.length, 1);
  assert.match(String(reports), /price_b is mapped to no Cryptlex product/);
});

Deno.test("the policy decides, and what stands against a purchase is why nothing is made", () => {
  const purchase = { items: { si_1: itemWith() }, ended: true };
  const { steps, reports } = planOf(purchase);
  assert.deepEqual(steps, []);
  assert.deepEqual(reports, ["no license is made: the subscription has ended"]);
  const lasting = policyWith({ onCancel: "expire", renewalGraceDays: 0 });
  const known = { purchase: purchaseWith({ ...subscription, ...purchase }), licenses: [] };
  const [step] = planPurchase(claimOf(), known, lasting).steps;
  assert.ok(step?.kind === "create");
  assert.equal(step.desired.expiresAt?.getTime(), (saidAt + 30 * day) * 1000);
});

Deno.test("money that went back is told where the events are about it, not at every renewal", () => {
  const purchase = {
    items: { si_1: itemWith() },
    charges: { pi_1: chargeWith({ refunded: 9900 }) },
  };
  const told = (eventType: string) =>
    planOf(purchase, { claim: { events: [eventOf({ eventType })] } }).reports;
  for (const eventType of ["charge.refunded", "refund.updated", "charge.refund.updated"]) {
    assert.match(String(told(eventType)), /cancel the subscription to end the license/);
  }
  assert.deepEqual(told("invoice.paid"), []);
});

Deno.test("a rehearsal says what would be done, or that nobody is there to hold it", () => {
  const items = { si_1: itemWith() };
  const sold = purchaseWith({ ...subscription, items });
  const reached = { ...sold, email: said("ada@example.com") };
  const line = (purchase: Purchase, claim: Partial<Claim> = {}) =>
    rehearse(claimOf(claim), { purchase, licenses: [] }, policy);
  assert.match(line(reached), /^would make sure of a license of product product-a/);
  assert.match(line(sold, { customer }), /^would make sure of a license of product product-a/);
  assert.match(line(sold), /^would be parked: .* no e-mail address/);
  const wantsUser = purchaseWith({ wantsUser: true });
  assert.match(line(wantsUser, { purchaseId: "cus_1" }), /^would be parked/);
  const named = { ...wantsUser, email: said("ada@example.com") };
  assert.match(line(named, { purchaseId: "cus_1" }), /^would make the buyer a user/);
});
