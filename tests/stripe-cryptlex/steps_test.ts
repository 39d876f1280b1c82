import assert from "node:assert/strict";
import type { DesiredLicense } from "../../functions/stripe-cryptlex/decide.ts";
import type { KnownLicense } from "../../functions/stripe-cryptlex/known_license.ts";
import { planSteps, type Step } from "../../functions/stripe-cryptlex/steps.ts";
import { knownLicense } from "./builders/known_license.ts";
import { termsOf } from "./builders/purchase_with.ts";

const until = new Date("2026-12-05T10:00:00Z");
const at = new Date("2026-11-02T10:00:00Z");

function desiredOf(slot: string, changed: Partial<DesiredLicense> = {}): DesiredLicense {
  const productId = slot.split("/")[0] ?? "";
  const terms = termsOf(productId);
  return {
    slot,
    terms,
    mappedBy: "setting",
    remapped: false,
    expiresAt: until,
    target: {
      itemId: null,
      priceId: null,
      productId: null,
      terms,
      mappedBy: "setting",
      paidThrough: null,
    },
    ...changed,
  };
}

function plannedOf(desired: readonly DesiredLicense[], known: readonly KnownLicense[]) {
  return planSteps(desired, { known, mayRenew: true });
}

const names = (steps: readonly Step[]) =>
  steps.map((step) =>
    `${step.kind} ${step.kind === "create" ? step.desired.slot : step.license.licenseId}`
  );

Deno.test("what is wanted and not there is created", () => {
  assert.deepEqual(names(plannedOf([desiredOf("product-a/1")], []).steps), ["create product-a/1"]);
});

Deno.test("what is there as wanted needs nothing", () => {
  const plan = plannedOf([desiredOf("product-a/1")], [knownLicense()]);
  assert.deepEqual(plan, { steps: [], reports: [] });
});

Deno.test("a license nobody wants any more ends after its successor was made", () => {
  const plan = plannedOf([desiredOf("product-b/1")], [knownLicense()]);
  assert.deepEqual(names(plan.steps), ["create product-b/1", "end license-1"]);
});

Deno.test("adopted, ended and deleted licenses are never ended", () => {
  const known = [
    knownLicense({ licenseId: "adopted", origin: "adopted" }),
    knownLicense({ licenseId: "ended", endedAt: at }),
    knownLicense({ licenseId: "gone", goneAt: at }),
  ];
  assert.deepEqual(plannedOf([], known).steps, []);
});

Deno.test("a license deleted in Cryptlex is not made again, and is reported", () => {
  const plan = plannedOf([desiredOf("product-a/1")], [knownLicense({ goneAt: at })]);
  assert.deepEqual(plan.steps, []);
  assert.match(String(plan.reports), /license-1 was deleted in Cryptlex/);
  const another = knownLicense({ licenseId: "license-2" });
  const beside = plannedOf([desiredOf("product-a/1")], [knownLicense({ goneAt: at }), another]);
  assert.deepEqual(beside, { steps: [], reports: [] }, "another stands for the purchase");
});

Deno.test("doubles share a slot: all are moved, none is ended, and it is reported", () => {
  const expiresAt = new Date("2026-11-05T10:00:00Z");
  const known = ["license-1", "license-2"].map((licenseId) =>
    knownLicense({ licenseId, origin: "adopted", expiresAt, wroteExpiresAt: expiresAt })
  );
  const plan = plannedOf([desiredOf("product-a/1")], known);
  assert.deepEqual(names(plan.steps), ["expiry license-1", "expiry license-2"]);
  assert.match(String(plan.reports), /2 licenses/);
});

Deno.test("another entitlement set is given; none named leaves what is there", () => {
  const terms = termsOf("product-a", { entitlementSetId: "set-b" });
  const known = [knownLicense({ entitlementSetId: "set-a" })];
  const [step] = plannedOf([desiredOf("product-a/1", { terms })], known).steps;
  assert.equal(step?.kind === "set_entitlement_set" && step.entitlementSetId, "set-b");
  assert.deepEqual(plannedOf([desiredOf("product-a/1")], known).steps, []);
});

Deno.test("a license whose paid time is not known keeps its date", () => {
  const known = [knownLicense({ expiresAt: null, wroteExpiresAt: null })];
  assert.deepEqual(plannedOf([desiredOf("product-a/1", { expiresAt: null })], known).steps, []);
});

Deno.test("no renewal is planned where one may have happened unheard", () => {
  const wanted = [desiredOf("product-a/1", { expiresAt: new Date("2027-01-05T10:00:00Z") })];
  const kind = (mayRenew: boolean) => {
    const [step] = planSteps(wanted, { known: [knownLicense()], mayRenew }).steps;
    return step?.kind === "expiry" ? step.step.kind : undefined;
  };
  assert.equal(kind(true), "renew");
  assert.equal(kind(false), "set_expires_at");
});

Deno.test("a license we were ending is revived when it is wanted again, an operator's revocation stays", () => {
  const wanted = [desiredOf("product-a/1")];
  const ours = knownLicense({ wroteRevoked: true, revoked: true });
  assert.deepEqual(names(plannedOf(wanted, [ours]).steps), ["revive license-1"]);
  assert.deepEqual(plannedOf(wanted, [knownLicense({ revoked: true })]).steps, []);
});
