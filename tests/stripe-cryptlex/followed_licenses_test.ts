import assert from "node:assert/strict";
import { assignSlots } from "../../functions/stripe-cryptlex/assign_slots.ts";
import { decide } from "../../functions/stripe-cryptlex/decide.ts";
import type { KnownLicense } from "../../functions/stripe-cryptlex/known_license.ts";
import type { Catalog } from "../../functions/stripe-cryptlex/line_mapping.ts";
import type { Purchase } from "../../functions/stripe-cryptlex/purchase.ts";
import type { Snapshot } from "../../functions/stripe-cryptlex/subscription_snapshot.ts";
import { planSteps } from "../../functions/stripe-cryptlex/steps.ts";
import { knownLicense, licenseFields } from "./builders/known_license.ts";
import { policyWith } from "./builders/policy_with.ts";
import { day, itemWith, listedWith, purchaseWith } from "./builders/purchase_with.ts";
import { said, saidAt, snapshotWith, termsOf } from "./builders/purchase_with.ts";
import { planOf, targetOf } from "./builders/target_of.ts";
import { settleSlots } from "./builders/slots_settled.ts";

/** Found, of a product that the purchase does not ask for. */
const theirs = knownLicense({
  licenseId: "theirs",
  slot: "product-n/1",
  cryptlexProductId: "product-n",
  origin: "adopted",
  mappedBy: "found",
  coveredItems: null,
});
const ours = knownLicense({ licenseId: "ours", stripeItemId: "si_1", coveredItems: ["si_1"] });
/** Paid far beyond the dates that licenses have. */
const paidThrough = saidAt + 365 * day;
const catalog: Catalog = {
  plans: [planOf("price_a", "product-a")],
  hasPlans: true,
  productId: null,
};
const purchase = purchaseWith({
  subscriptionTerms: said(null),
  items: { si_1: itemWith({}, { paidThrough }) },
  listed: { si_1: listedWith() },
});

function decided(
  known: readonly KnownLicense[],
  facts: Partial<Purchase> = {},
  sold: Catalog = catalog,
) {
  const policy = policyWith({ renewalGraceDays: 0 });
  const context = { purchaseId: "sub_1", catalog: sold, policy, known, hasUser: false };
  const decision = decide({ ...purchase, ...facts }, context);
  assert.equal(decision.kind, "licenses", JSON.stringify(decision));
  return decision;
}

function stepsOf(known: readonly KnownLicense[], facts: Partial<Purchase> = {}) {
  const { desired, standing } = decided(known, facts);
  return planSteps(desired, { known, standing, mayRenew: true }).steps.map((step) =>
    step.kind === "create" ? step.kind : `${step.kind} ${step.license.licenseId}`
  );
}

Deno.test("what nothing asks for is not prolonged by other items' money, nor revived", () => {
  assert.deepEqual(stepsOf([ours, theirs]), ["expiry ours"]);
  const lapsed = new Date("2026-01-01T00:00:00Z");
  const past = { ...theirs, expiresAt: lapsed, wroteExpiresAt: lapsed };
  assert.deepEqual(stepsOf([ours, past]), ["expiry ours"]);
  assert.deepEqual(stepsOf([ours, { ...theirs, expiresAt: null, wroteExpiresAt: null }]), [
    "expiry ours",
  ]);
});

Deno.test("neither is it beside a license of the whole", () => {
  const whole = { ...ours, stripeItemId: null };
  const subscriptionTerms = said(termsOf("product-a"));
  assert.deepEqual(stepsOf([whole, theirs], { subscriptionTerms }), ["expiry ours"]);
});

Deno.test("it is suspended and ends with the subscription all the same", () => {
  const subscription = said(snapshotWith({ si_1: {} }, { status: "unpaid" }));
  assert.ok(stepsOf([ours, theirs], { subscription }).includes("set_fields theirs"));
  assert.ok(stepsOf([ours, theirs], { ended: true }).includes("set_fields theirs"));
  const suspended = licenseFields({ suspended: true });
  const held = { ...theirs, seen: suspended, wrote: suspended };
  assert.deepEqual(stepsOf([ours, held]), ["set_fields theirs", "expiry ours"]);
});

Deno.test("money of an item that it stood for, and nothing else does now, counts", () => {
  // The two were seen beside each other, so that neither came instead of the other.
  const left = targetOf(null, { itemId: "si_2", paidThrough, since: saidAt });
  const paid = (license: Partial<KnownLicense>, target = left) =>
    assignSlots([targetOf("product-a"), target], [ours, { ...theirs, ...license }], () => saidAt)
      .slots.find(({ isFollowed }) => isFollowed)?.target.paidThrough;
  const gone = { stripeItemId: "si_0" };
  assert.equal(paid({ ...gone, coveredItems: ["si_0", "si_2"] }), paidThrough);
  assert.equal(paid({ ...gone, coveredItems: ["si_0"] }), null);
  const unseen = { stripeItemId: "si_2", coveredItems: ["si_0"] };
  assert.equal(paid(unseen), paidThrough, "though only invoices told of the item");
  assert.equal(paid(gone), paidThrough, "nobody noted for which it stood: it began with this one");
  assert.equal(paid(gone, { ...left, isAdded: true }), null);
});

Deno.test("a revoked one gets no date, but one that is made valid again does", () => {
  const revoked = licenseFields({ revoked: true });
  const left = purchaseWith({
    subscriptionTerms: said(null),
    items: {
      si_1: itemWith({}, { paidThrough: saidAt }),
      si_2: itemWith({ priceId: "price_z" }, { paidThrough }),
    },
    listed: { si_0: listedWith(), si_1: listedWith(), si_2: listedWith() },
  });
  // A double of what stands for another item: it is none of the whole.
  const double = { ...theirs, stripeItemId: "si_0", coveredItems: ["si_0", "si_2"] };
  assert.deepEqual(stepsOf([ours, double], left), ["expiry theirs"]);
  assert.deepEqual(stepsOf([ours, { ...double, seen: revoked }], left), []);
  assert.deepEqual(stepsOf([ours, { ...double, seen: revoked, wrote: revoked }], left), [
    "set_fields theirs",
    "expiry theirs",
  ]);
});

Deno.test("what is followed keeps what it stood for, and so is never taken for the whole's", () => {
  for (
    const followed of [
      theirs,
      { ...theirs, stripeItemId: "si_0" },
      { ...theirs, stripeItemId: "si_0", coveredItems: ["si_0"] },
    ]
  ) {
    const { known } = settleSlots([targetOf("product-a")], [ours, followed]);
    assert.deepEqual(known.find(({ licenseId }) => licenseId === "theirs"), followed);
  }
});

const added = {
  items: { ...purchase.items, si_9: itemWith({ priceId: "price_z" }, { paidThrough }) },
  listed: { si_0: listedWith(), si_1: listedWith(), si_9: listedWith({ isAdded: true }) },
};

Deno.test("what is added later is not covered by what was followed", () => {
  const double = { ...theirs, slot: ours.slot, cryptlexProductId: ours.cryptlexProductId };
  const moved = knownLicense({
    licenseId: "moved",
    slot: "product-b/1",
    cryptlexProductId: "product-b",
    stripeItemId: "si_1",
    coveredItems: ["si_1"],
  });
  const past = { ...ours, endedAt: new Date(0) };
  for (
    const known of [
      [ours, theirs],
      [moved, past, double],
      [moved, past, { ...double, coveredItems: ["si_1"] }],
      [ours, { ...theirs, stripeItemId: "si_0", coveredItems: ["si_0"] }],
    ]
  ) {
    const { desired, reports } = decided(known, added);
    assert.deepEqual(desired.map(({ isFollowed, target }) => [isFollowed, target.itemId]), [
      [false, "si_1"],
      [true, null],
    ]);
    assert.ok(reports.includes("price_z is mapped to no Cryptlex product"));
    assert.equal(desired[1]?.expiresAt, null);
  }
});

Deno.test("of two for two products each lasts as its own item is paid, as long as that is there", () => {
  const app = { ...theirs, licenseId: "app", slot: "product-a/1", cryptlexProductId: "product-a" };
  const plans = [...catalog.plans, planOf("price_n", "product-n")];
  const items = {
    si_1: itemWith({}, { paidThrough: saidAt }),
    si_2: itemWith({ priceId: "price_n" }, { paidThrough: saidAt + day }),
  };
  const dates = (facts: Partial<Purchase> = {}) =>
    decided([app, theirs], { items, ...facts }, { ...catalog, plans }).desired
      .filter(({ slot }) => slot === "product-n/1")
      .map(({ isFollowed, expiresAt }) => [isFollowed, expiresAt?.getTime()]);
  assert.deepEqual(dates(), [[true, (saidAt + day) * 1000]]);
  assert.deepEqual(dates({ subscriptionTerms: said(termsOf("product-a")) }), [[true, undefined]]);
  const subscription = said(snapshotWith({ si_1: {} }));
  assert.deepEqual(dates({ subscription }), [[true, undefined]]);
});

Deno.test("where nothing is left in the subscription it is suspended and ends with that, too", () => {
  const none = (changed: Partial<Snapshot> = {}) => ({
    subscription: said(snapshotWith({ si_1: { quantity: 0 } }, changed)),
  });
  assert.deepEqual(stepsOf([ours, theirs], none()), ["end ours"]);
  assert.deepEqual(stepsOf([theirs], none({ status: "unpaid" })), ["set_fields theirs"]);
  const { desired, reports } = decided([theirs], { ...none(), ended: true });
  assert.deepEqual(
    desired.map(({ slot, fields, expiresAt }) => [slot, fields.revoked, expiresAt]),
    [
      ["product-n/1", true, null],
    ],
  );
  assert.equal(reports[0], "nothing is left in the subscription");
  assert.deepEqual(decided([], none()).desired, []);
});
