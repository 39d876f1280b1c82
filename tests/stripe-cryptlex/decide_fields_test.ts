// What a license is to be like: its flags, its counts, its set, its interval.

import assert from "node:assert/strict";
import { decide, type DesiredLicense } from "../../functions/stripe-cryptlex/decide.ts";
import type { KnownLicense } from "../../functions/stripe-cryptlex/known_license.ts";
import type { Policy } from "../../functions/stripe-cryptlex/policy.ts";
import type { Line, Purchase } from "../../functions/stripe-cryptlex/purchase.ts";
import type { Seats } from "../../functions/stripe-cryptlex/seats.ts";
import { knownLicense, licenseFields } from "./builders/known_license.ts";
import { policyWith } from "./builders/policy_with.ts";
import {
  day,
  itemWith,
  purchaseWith,
  said,
  saidAt,
  snapshotWith,
  termsOf,
} from "./builders/purchase_with.ts";
import { licenseSeats, planOf } from "./builders/target_of.ts";

const activations: Seats = { mode: "activations", perUnit: 2 };

function decided(
  facts: Partial<Purchase>,
  { seats = activations, known = [], ...policy }: {
    seats?: Seats;
    known?: readonly KnownLicense[];
  } & Partial<Policy> = {},
) {
  const purchase = purchaseWith({ subscriptionTerms: said(null), ...facts });
  const plans = [
    planOf("price_a", "product-a", { seats, entitlementSetId: "set-a" }),
    planOf("price_y", "product-a", { seats, entitlementSetId: "set-y" }),
  ];
  const decision = decide(purchase, {
    purchaseId: "sub_1",
    catalog: { plans, hasPlans: true, productId: null },
    policy: policyWith(policy),
    known,
    hasUser: false,
  });
  assert.equal(decision.kind, "licenses", JSON.stringify(decision));
  return decision;
}

const of = (line: Partial<Line>) => ({ si_1: itemWith(line, { paidThrough: saidAt }) });
const fieldsOf = (desired: readonly DesiredLicense[]) => desired.map(({ fields }) => fields);
const flagsOf = (desired: readonly DesiredLicense[]) =>
  desired.map(({ fields: { revoked, suspended } }) => [revoked, suspended]);

/** Made of `price_a` by the plan. */
const held = knownLicense({
  stripeItemId: "si_1",
  stripePriceId: "price_a",
  stripeProductId: "prod_a",
  mappedBy: "plan",
  seats: activations,
  seen: licenseFields({ entitlementSetId: "set-a", allowedActivations: 4 }),
  wrote: licenseFields({ entitlementSetId: "set-a", allowedActivations: 4 }),
});

Deno.test("a license is wanted valid, with the plan's set and as many seats as were bought", () => {
  assert.deepEqual(fieldsOf(decided({ items: of({ quantity: 3 }) }).desired), [{
    revoked: false,
    suspended: false,
    entitlementSetId: "set-a",
    allowedActivations: 6,
  }]);
});

Deno.test("a quantity nobody knows leaves the counts as they are", () => {
  const [fields] = fieldsOf(decided({ items: of({ quantity: null }) }).desired);
  assert.ok(fields !== undefined && !("allowedActivations" in fields));
});

Deno.test("what a unit is worth is frozen with the license, how many there are is not", () => {
  const edited: Seats = { mode: "floating_clients", perUnit: 10 };
  const { desired } = decided({ items: of({ quantity: 5 }) }, { known: [held], seats: edited });
  assert.deepEqual(fieldsOf(desired), [{
    revoked: false,
    suspended: false,
    entitlementSetId: "set-a",
    allowedActivations: 10,
  }]);
});

Deno.test("where a unit is a license, each of them is wanted alike", () => {
  const { desired } = decided({ items: of({ quantity: 3 }) }, { seats: licenseSeats });
  assert.deepEqual(desired.map(({ slot }) => slot), [
    "product-a/1",
    "product-a/2",
    "product-a/3",
  ]);
  const fields = { revoked: false, suspended: false, entitlementSetId: "set-a" };
  assert.deepEqual(fieldsOf(desired), [fields, fields, fields]);
});

Deno.test("the interval of a new price is wanted, that of the price it was made of is not", () => {
  const interval = (line: Partial<Line>, known = [held]) =>
    decided({ items: of(line) }, { known }).desired[0]?.interval;
  assert.equal(interval({ priceId: "price_y", interval: "P1Y" }), "P1Y");
  assert.equal(interval({ interval: "P1Y" }), null);
  assert.equal(interval({ priceId: "price_unmapped", productId: null, interval: "P1Y" }), null);
});

Deno.test("the end of a subscription revokes or suspends what is there, by the setting", () => {
  const facts = { items: of({}), ended: true };
  const flags = (onCancel: Policy["onCancel"]) => {
    const { desired, standing } = decided(facts, { onCancel, known: [held] });
    return [...flagsOf(desired), standing.isOver];
  };
  assert.deepEqual(flags("revoke"), [[true, false], true]);
  assert.deepEqual(flags("suspend"), [[false, true], true]);
  assert.deepEqual(flags("expire"), [[false, false], false]);
});

Deno.test("what is unpaid or disputed is suspended, every license of the purchase", () => {
  const items = { ...of({}), si_2: itemWith() };
  const subscription = said(snapshotWith({ si_1: {}, si_2: {} }, { status: "unpaid" }));
  const { desired, standing } = decided({ items, subscription });
  assert.deepEqual(flagsOf(desired), [[false, true], [false, true]]);
  assert.deepEqual(standing.suspends, ["the subscription is unpaid"]);
});

Deno.test("of a subscription everything was taken out of, nothing is wanted", () => {
  for (const items of [{}, { si_1: { quantity: 0 } }]) {
    const facts = { items: of({}), subscription: said(snapshotWith(items)) };
    const { desired, reports } = decided(facts, { known: [held] });
    assert.deepEqual(desired, []);
    assert.deepEqual(reports, ["nothing is left in the subscription"]);
  }
});

Deno.test("an item added and billed later is wanted as long as the purchase is paid", () => {
  const subscription = said(snapshotWith({ si_1: {}, si_2: {} }));
  const { desired } = decided({ items: of({}), subscription }, { renewalGraceDays: 0 });
  const until = new Date(saidAt * 1000);
  assert.deepEqual(desired.map(({ slot, expiresAt }) => [slot, expiresAt]), [
    ["product-a/1", until],
    ["product-a/2", until],
  ]);
});

Deno.test("a trial is wanted to its end and the days of grace", () => {
  const trialThrough = saidAt + 14 * day;
  const subscription = said(snapshotWith({ si_1: {} }, { status: "trialing" }));
  const email = said("ada@example.com");
  const [license] = decided({ subscription, trialThrough, email }).desired;
  assert.deepEqual(license?.expiresAt, new Date((trialThrough + 3 * day) * 1000));
});

Deno.test("a trial of which nothing says whose it is waits for its first invoice", () => {
  const subscription = said(snapshotWith({ si_1: {} }, { status: "trialing" }));
  const purchase = purchaseWith({ subscription, trialThrough: saidAt });
  const decision = decide(purchase, {
    purchaseId: "sub_1",
    catalog: { plans: [], hasPlans: false, productId: "product-a" },
    policy: policyWith(),
    known: [],
    hasUser: false,
  });
  assert.equal(decision.kind === "nothing" && decision.status, "applied");
  assert.match("reason" in decision ? decision.reason : "", /first invoice/);
});

Deno.test("metadata that came too late is reported beside what is wanted", () => {
  const facts = {
    items: of({}),
    subscriptionTerms: said({
      productId: "product-late",
      licenseTemplateId: null,
      entitlementSetId: null,
    }),
  };
  const whole = { ...held, stripeItemId: null };
  const { desired, reports } = decided(facts, { known: [whole] });
  assert.deepEqual(desired.map(({ slot }) => slot), ["product-a/1"]);
  assert.match(String(reports), /license-1 keeps what it was made for/);
});

Deno.test("metadata that came too late ends no license of several that were sold by the unit", () => {
  const known = [1, 2, 3].map((n) => ({
    ...held,
    licenseId: `license-${n}`,
    slot: `product-a/${n}`,
    seats: licenseSeats,
  }));
  const items = of({ quantity: 3 });
  const slots = (facts: Partial<Purchase>) =>
    decided({ items, ...facts }, { known }).desired.map(({ slot }) => slot);
  const sold = ["product-a/1", "product-a/2", "product-a/3"];
  assert.deepEqual(slots({}), sold);
  assert.deepEqual(slots({ subscriptionTerms: said(termsOf("product-late")) }), sold);
});
