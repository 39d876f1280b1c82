import assert from "node:assert/strict";
import type { Claim } from "../../../functions/stripe-cryptlex/claim.ts";
import type { KnownLicense } from "../../../functions/stripe-cryptlex/known_license.ts";
import type { Policy } from "../../../functions/stripe-cryptlex/policy.ts";
import type { Purchase } from "../../../functions/stripe-cryptlex/purchase.ts";
import { compare } from "../../../tools/rehearsal/compare.ts";
import { allKinds, kinds } from "../../../tools/rehearsal/difference.ts";
import { claimOf, eventOf } from "../../stripe-cryptlex/builders/claim_of.ts";
import { knownLicense, licenseFields } from "../../stripe-cryptlex/builders/known_license.ts";
import { policyWith } from "../../stripe-cryptlex/builders/policy_with.ts";
import {
  day,
  itemWith,
  purchaseWith,
  said,
  saidAt,
  sessionWith,
  snapshotWith,
} from "../../stripe-cryptlex/builders/purchase_with.ts";

const paidThrough = saidAt + 30 * day;
const at = (seconds: number) => new Date(seconds * 1000);

/** As found beside a subscription: the script made it. */
function scripts(changed: Partial<KnownLicense> = {}): KnownLicense {
  const expiresAt = changed.expiresAt === undefined ? at(paidThrough) : changed.expiresAt;
  return knownLicense({
    origin: "adopted",
    mappedBy: "found",
    expiresAt,
    wroteExpiresAt: expiresAt,
    ...changed,
  });
}

function compared(
  purchase: Partial<Purchase>,
  licenses: KnownLicense[],
  { claim = {}, policy = {}, hasStripeKey = false }: {
    claim?: Partial<Claim>;
    policy?: Partial<Policy>;
    hasStripeKey?: boolean;
  } = {},
) {
  return compare(
    claimOf({ mustRead: true, events: [eventOf({ eventType: "invoice.paid" })], ...claim }),
    { purchase: purchaseWith({ email: said("ada@example.com"), ...purchase }), licenses },
    { policy: policyWith(policy), hasStripeKey },
  );
}

const paid = { subscriptionTerms: said(null), items: { si_1: itemWith() } };

Deno.test("a license with the date that would be written agrees, and one but for grace nearly", () => {
  const kindsAt = (expiresAt: Date) => compared(paid, [scripts({ expiresAt })]).kinds;
  assert.deepEqual(kindsAt(at(paidThrough + 3 * day)), ["agrees"]);
  assert.deepEqual(kindsAt(at(paidThrough + 3 * day + 3600)), ["agrees"]);
  assert.deepEqual(kindsAt(at(paidThrough)), ["grace"]);
  assert.deepEqual(kindsAt(at(paidThrough - 2 * day)), ["date"]);
});

Deno.test("a date that is renewed once too often, or none at all, shows and stays", () => {
  const later = scripts({ expiresAt: at(paidThrough + 31 * day) });
  const never = scripts({ expiresAt: null, perpetual: true });
  for (const license of [later, never]) {
    const { kinds, wouldDo } = compared(paid, [license]);
    assert.deepEqual(kinds, ["longer"]);
    assert.equal(wouldDo, "would do nothing: already so");
  }
});

Deno.test("several for one purchase are told before what would be done to them", () => {
  const { kinds, licenseIds } = compared(paid, [scripts(), scripts({ licenseId: "license-2" })]);
  assert.deepEqual(kinds, ["double", "grace"]);
  assert.deepEqual(licenseIds, ["license-1", "license-2"]);
  const revoked = scripts({ licenseId: "license-2", seen: licenseFields({ revoked: true }) });
  assert.deepEqual(compared(paid, [scripts(), revoked]).kinds, ["grace"]);
});

Deno.test("none is told from fewer than would be made", () => {
  assert.deepEqual(compared(paid, []).kinds, ["missing"]);
  const seats = { mode: "licenses", perUnit: 1 } as const;
  const plan = {
    stripeId: "price_a",
    cryptlexProductId: "product-a",
    licenseTemplateId: null,
    entitlementSetId: null,
    seats,
  };
  const three = { items: { si_1: itemWith({ quantity: 3 }) } };
  const options = { claim: { hasPlans: true, plans: [plan] }, policy: { cryptlexProductId: null } };
  assert.deepEqual(compared(three, [], options).kinds, ["missing"]);
  const { kinds } = compared(three, [scripts({ seats, stripeItemId: "si_1" })], options);
  assert.ok(kinds.includes("more"), String(kinds));
});

Deno.test("an end, a pause and what is by hand are told apart", () => {
  const ended = { ...paid, ended: true };
  assert.deepEqual(compared(ended, [scripts()]).kinds, ["ends"]);
  assert.equal(
    compared(ended, [scripts()], { policy: { onCancel: "suspend" } }).kinds[0],
    "suspends",
  );
  const unpaid = { ...paid, subscription: said(snapshotWith({ si_1: {} }, { status: "unpaid" })) };
  assert.equal(compared(unpaid, [scripts()]).kinds[0], "suspends");
  const byHand = scripts({
    seen: licenseFields({ suspended: true }),
    wrote: licenseFields(),
    expiresAt: at(paidThrough + 3 * day),
  });
  assert.deepEqual(compared(paid, [byHand]).kinds, ["kept"]);
  const ours = scripts({
    seen: licenseFields({ suspended: true }),
    wrote: licenseFields({ suspended: true }),
    expiresAt: at(paidThrough + 3 * day),
  });
  assert.equal(compared(paid, [ours]).kinds[0], "restores");
});

Deno.test("what was not paid for, and what is mapped to nothing, needs a look only if it may matter", () => {
  const open = { sessions: { cs_1: sessionWith({ payment: "unpaid" }) } };
  const claim = { purchaseId: "pi_1" };
  assert.deepEqual(compared(open, [], { claim }).kinds, ["nothing"]);
  assert.deepEqual(compared(open, [scripts()], { claim }).kinds, ["unpaid"]);
  const unsold = { claim: { hasPlans: true }, policy: { cryptlexProductId: null } };
  assert.deepEqual(compared(paid, [], unsold).kinds, ["unmapped"]);
});

Deno.test("what Stripe will be asked for is not judged before", () => {
  const session = { sessions: { cs_1: sessionWith() } };
  const claim = { purchaseId: "pi_1", hasPlans: true };
  const asked = (hasStripeKey: boolean) => compared(session, [], { claim, hasStripeKey }).kinds;
  assert.deepEqual(asked(false), ["parked"]);
  assert.deepEqual(asked(true), ["asks"]);
});

Deno.test("who has no address needs a person, with a Stripe key too", () => {
  for (const hasStripeKey of [false, true]) {
    assert.deepEqual(compared({ ...paid, email: null }, [], { hasStripeKey }).kinds, ["parked"]);
  }
});

Deno.test("a customer is no purchase", () => {
  const claim = { purchaseId: "cus_1" };
  assert.deepEqual(compared({ wantsUser: true }, [], { claim }).kinds, ["customer"]);
});

Deno.test("the weightiest kinds come first", () => {
  const order = ["settle", "look", "none"];
  const ranks = allKinds.map((kind) => order.indexOf(kinds[kind].weight));
  assert.deepEqual(ranks, ranks.toSorted());
});
