import assert from "node:assert/strict";
import type { DesiredLicense } from "../../functions/stripe-cryptlex/decide.ts";
import type { KnownLicense } from "../../functions/stripe-cryptlex/known_license.ts";
import type { Standing } from "../../functions/stripe-cryptlex/standing.ts";
import { holdersOf, planSteps, type Step } from "../../functions/stripe-cryptlex/steps.ts";
import { desiredOf } from "./builders/desired_of.ts";
import { knownLicense, licenseFields } from "./builders/known_license.ts";

const at = new Date("2026-11-02T10:00:00Z");
const good: Standing = { revokes: [], suspends: [], isOver: false, reports: [] };

function plannedOf(
  desired: readonly DesiredLicense[],
  known: readonly KnownLicense[],
  standing: Partial<Standing> = {},
) {
  return planSteps(desired, { known, standing: { ...good, ...standing }, mayRenew: true });
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
  const successor = desiredOf("product-b/1", { replaces: "product-a/1" });
  const { steps } = plannedOf([successor], [knownLicense()]);
  assert.deepEqual(names(steps), ["create product-b/1", "end license-1"]);
  assert.equal(steps[1]?.kind === "end" && steps[1].successor, "product-b/1");
});

Deno.test("one that nothing takes the place of ends before anything is made", () => {
  const { steps } = plannedOf([desiredOf("product-b/1")], [knownLicense()]);
  assert.deepEqual(names(steps), ["end license-1", "create product-b/1"]);
  assert.equal(steps[0]?.kind === "end" && steps[0].successor, null);
});

Deno.test("flags come first, then plain endings, then the rest, then what has a successor", () => {
  const known = ["product-a/1", "product-a/2", "product-a/3"].map((slot, i) =>
    knownLicense({ licenseId: `license-${i + 1}`, slot })
  );
  const wanted = [
    desiredOf("product-b/1", { replaces: "product-a/2" }),
    desiredOf("product-a/1", {
      expiresAt: new Date("2027-02-05T10:00:00Z"),
      fields: { revoked: false, suspended: true, entitlementSetId: "set-b" },
    }),
  ];
  assert.deepEqual(names(plannedOf(wanted, known).steps), [
    "set_fields license-1",
    "end license-3",
    "create product-b/1",
    "set_fields license-1",
    "expiry license-1",
    "end license-2",
  ]);
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

Deno.test("an adopted double of ours is given more, and nothing of it is taken or exchanged", () => {
  const fields = licenseFields({ entitlementSetId: "set-a", allowedActivations: 10 });
  const adopted = knownLicense({
    licenseId: "adopted",
    origin: "adopted",
    seen: fields,
    wrote: fields,
  });
  const after = (allowedActivations: number) => {
    const counted = licenseFields({ entitlementSetId: "set-b", allowedActivations });
    const ours = knownLicense({ seen: counted, wrote: counted });
    return plannedOf([desiredOf("product-a/1", { fields: counted })], [ours, adopted]).steps
      .map((step) => step.kind === "set_fields" && [step.license.licenseId, step.wanted]);
  };
  assert.deepEqual(after(5), []);
  assert.deepEqual(after(20), [["adopted", { allowedActivations: 20 }]]);
});

Deno.test("another entitlement set or count is written; none named leaves what is there", () => {
  const fields = licenseFields({ entitlementSetId: "set-a", allowedActivations: 2 });
  const known = [knownLicense({ seen: fields, wrote: fields })];
  const flags = { revoked: false, suspended: false };
  for (const terms of [{ entitlementSetId: "set-b" }, { allowedActivations: 4 }]) {
    const wanted = desiredOf("product-a/1", { fields: { ...flags, ...terms } });
    assert.deepEqual(plannedOf([wanted], known).steps, [
      { kind: "set_fields", license: known[0], wanted: terms, reason: null },
    ]);
  }
  const none = desiredOf("product-a/1", { fields: { ...flags, entitlementSetId: null } });
  assert.deepEqual(plannedOf([none], known), { steps: [], reports: [] });
});

Deno.test("flags are written apart from the rest, with every reason for them", () => {
  const standing = { revokes: ["it is over"], suspends: ["du_1 is open", "it is unpaid"] };
  const fields = { revoked: false, suspended: true, entitlementSetId: "set-b" };
  const { steps } = plannedOf([desiredOf("product-a/1", { fields })], [knownLicense()], standing);
  assert.deepEqual(
    steps.map((step) => step.kind === "set_fields" && [step.wanted, step.reason]),
    [
      [{ revoked: false, suspended: true }, "it is over, du_1 is open, it is unpaid"],
      [{ entitlementSetId: "set-b" }, null],
    ],
  );
});

Deno.test("of a license that is to be revoked nothing else matters", () => {
  const fields = { revoked: true, suspended: true, entitlementSetId: "set-b" };
  const wanted = desiredOf("product-a/1", {
    fields,
    expiresAt: new Date("2027-02-05T10:00:00Z"),
    interval: "P1Y",
  });
  const revokes = ["the payment was refunded in full"];
  assert.deepEqual(names(plannedOf([wanted], [knownLicense()], { revokes }).steps), [
    "set_fields license-1",
  ]);
});

Deno.test("what somebody changed by hand is told, and stays", () => {
  const known = [knownLicense({ seen: licenseFields({ allowedActivations: 9 }) })];
  const fields = { revoked: false, suspended: false, allowedActivations: 4 };
  const plan = plannedOf([desiredOf("product-a/1", { fields })], known);
  assert.deepEqual(plan, {
    steps: [],
    reports: [
      "allowedActivations of license license-1 was changed in Cryptlex by somebody else; it stays",
    ],
  });
});

Deno.test("a license whose paid time is not known keeps its date", () => {
  const known = [knownLicense({ expiresAt: null, wroteExpiresAt: null })];
  assert.deepEqual(plannedOf([desiredOf("product-a/1", { expiresAt: null })], known).steps, []);
});

Deno.test("no renewal is planned where one may have happened unheard", () => {
  const wanted = [desiredOf("product-a/1", { expiresAt: new Date("2027-01-05T10:00:00Z") })];
  const kind = (mayRenew: boolean) => {
    const options = { known: [knownLicense()], standing: good, mayRenew };
    const [step] = planSteps(wanted, options).steps;
    return step?.kind === "expiry" ? step.step.kind : undefined;
  };
  assert.equal(kind(true), "renew");
  assert.equal(kind(false), "set_expires_at");
});

Deno.test("with another interval the date is written exactly, not renewed to", () => {
  const planned = (interval: string | null, license: Partial<KnownLicense> = {}) => {
    const wanted = desiredOf("product-a/1", {
      interval,
      expiresAt: new Date("2027-01-05T10:00:00Z"),
    });
    return plannedOf([wanted], [knownLicense(license)]).steps
      .map((step) => step.kind === "expiry" ? step.step.kind : step.kind);
  };
  assert.deepEqual(planned("P1Y"), ["set_interval", "set_expires_at"]);
  assert.deepEqual(planned("P1M"), ["renew"]);
  assert.deepEqual(planned(null), ["renew"]);
  assert.deepEqual(planned("P1Y", { subscriptionInterval: null }), ["set_expires_at"]);
});

Deno.test("a date that a change of interval moved is put back before anything is added to it", () => {
  const license = knownLicense({
    subscriptionInterval: "P1Y",
    intervalChange: { interval: "P1Y", expiresAt: new Date("2026-12-05T10:00:00Z") },
    expiresAt: new Date("2027-11-02T10:00:00Z"),
  });
  const planned = (until: string) =>
    plannedOf([desiredOf("product-a/1", { expiresAt: new Date(until) })], [license]).steps
      .map((step) => step.kind === "expiry" ? step.step.kind : step.kind);
  assert.deepEqual(planned("2026-12-05T10:00:00Z"), ["put_back"]);
  assert.deepEqual(planned("2027-01-05T10:00:00Z"), ["put_back", "set_expires_at"]);
});

Deno.test("the interval of a license that is not ours, or not settled yet, stays", () => {
  const wanted = [desiredOf("product-a/1", { interval: "P1Y" })];
  const adopted = knownLicense({ origin: "adopted" });
  assert.deepEqual(plannedOf(wanted, [adopted]).steps, []);
  const unsettled = knownLicense({ wroteExpiresAt: null });
  assert.deepEqual(plannedOf(wanted, [unsettled]).steps, [], "only its date is aligned");
});

Deno.test("a change of price is one of its interval too while the date is the template's still", () => {
  const planned = (before: string | null, now: string | null) => {
    const wanted = desiredOf("product-a/1", { interval: "P1Y", stripePriceId: now });
    const license = knownLicense({ wroteExpiresAt: null, stripePriceId: before });
    return plannedOf([wanted], [license]).steps.map(({ kind }) => kind);
  };
  assert.deepEqual(planned("price_month", "price_year"), ["set_interval"]);
  assert.deepEqual(planned("price_year", "price_year"), []);
  assert.deepEqual(planned(null, "price_year"), [], "nobody said what it was before");
});

const ended = licenseFields({ revoked: true });

Deno.test("a license that we ended is taken up again when its slot is wanted", () => {
  const license = knownLicense({ seen: ended, wrote: ended, endedAt: at });
  assert.deepEqual(plannedOf([desiredOf("product-a/1")], [license]).steps, [{
    kind: "set_fields",
    license,
    wanted: { revoked: false, suspended: false },
    reason: "nothing stands against it any more",
  }]);
});

Deno.test("one that we were ending is made valid again, an operator's revocation stays", () => {
  const wanted = [desiredOf("product-a/1")];
  const ours = knownLicense({ seen: ended, wrote: ended });
  assert.deepEqual(names(plannedOf(wanted, [ours]).steps), ["set_fields license-1"]);
  assert.deepEqual(plannedOf(wanted, [knownLicense({ seen: ended })]).steps, []);
  const revoked = knownLicense({ seen: ended, endedAt: at });
  assert.deepEqual(plannedOf(wanted, [revoked]).steps, [], "revoked before we came to end it");
});

Deno.test("a license that is there is nearer than one we ended, also one that is deleted", () => {
  const past = knownLicense({ licenseId: "past", endedAt: at });
  const holders = (...known: KnownLicense[]) =>
    holdersOf({ slot: "product-a/1", isFollowed: false }, known).map(({ licenseId }) => licenseId);
  assert.deepEqual(holders(past, knownLicense()), ["license-1"]);
  assert.deepEqual(holders(past), ["past"]);
  assert.deepEqual(holders(past, knownLicense({ goneAt: at })), []);
  assert.deepEqual(holders({ ...past, goneAt: at }), []);
  assert.deepEqual(holders({ ...past, slot: "product-a/2" }), []);
});

Deno.test("no license is made for what is over, revoked or suspended, and people are told why", () => {
  const reason = "the subscription has ended";
  for (const standing of [{ isOver: true, revokes: [reason] }, { suspends: [reason] }]) {
    const plan = plannedOf([desiredOf("product-a/1")], [], standing);
    assert.deepEqual(plan, { steps: [], reports: [`no license is made: ${reason}`] });
  }
  assert.deepEqual(plannedOf([desiredOf("product-a/1")], [], { isOver: true }).steps, []);
});

Deno.test("what is told of several licenses alike is told once", () => {
  const slots = ["product-a/1", "product-a/2"].map((slot) => desiredOf(slot));
  const { reports } = plannedOf(slots, [], { isOver: true, revokes: ["it is over"] });
  assert.deepEqual(reports, ["no license is made: it is over"]);
});
