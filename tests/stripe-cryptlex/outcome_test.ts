import assert from "node:assert/strict";
import type { Decision, DesiredLicense } from "../../functions/stripe-cryptlex/decide.ts";
import { deleted, outcomeOf, rehearsalOf, until } from "../../functions/stripe-cryptlex/outcome.ts";
import type { Step } from "../../functions/stripe-cryptlex/steps.ts";
import { knownLicense } from "./builders/known_license.ts";
import { termsOf } from "./builders/purchase_with.ts";

const expiresAt = new Date("2026-12-05T10:00:00Z");
const licenses: Decision = { kind: "licenses", desired: [], reports: [] };
const nothingDone = { outcomes: [], reports: [] };
const nothingToDo = { steps: [], reports: [] };

const desired: DesiredLicense = {
  slot: "product-a/1",
  terms: termsOf("product-a"),
  mappedBy: "setting",
  remapped: true,
  expiresAt,
  target: {
    itemId: null,
    priceId: null,
    productId: null,
    terms: null,
    mappedBy: "setting",
    paidThrough: null,
  },
};

Deno.test("what was done is told, with what there is to report", () => {
  const done = { outcomes: ["license a created", "license b revoked"], reports: ["mind this"] };
  assert.equal(outcomeOf(licenses, done), "license a created; license b revoked; mind this");
});

Deno.test("nothing done is said too, beside what there is to report", () => {
  assert.equal(outcomeOf(licenses, nothingDone), "nothing to do: already so");
  assert.equal(
    outcomeOf(licenses, { outcomes: [], reports: ["mind this"] }),
    "nothing to do: already so; mind this",
  );
});

Deno.test("a reason not to do anything is the outcome", () => {
  const waiting: Decision = { kind: "nothing", status: "applied", reason: "waits for the money" };
  assert.equal(outcomeOf(waiting, nothingDone), "waits for the money");
  assert.equal(rehearsalOf(waiting, nothingToDo), "would do nothing: waits for the money");
  const parked: Decision = { kind: "parked", reason: "put metadata there" };
  assert.equal(outcomeOf(parked, nothingDone), "put metadata there");
  assert.equal(rehearsalOf(parked, nothingToDo), "would be parked: put metadata there");
});

Deno.test("a buyer made a user is told", () => {
  assert.match(outcomeOf({ kind: "user" }, nothingDone), /user in Cryptlex/);
  assert.match(rehearsalOf({ kind: "user" }, nothingToDo), /would make the buyer a user/);
});

Deno.test("a rehearsal tells each step it would take, and that it is none", () => {
  const license = knownLicense();
  const steps: Step[] = [
    { kind: "create", desired },
    { kind: "create", desired: { ...desired, expiresAt: null } },
    { kind: "expiry", license, step: { kind: "set_expires_at", expiresAt } },
    { kind: "set_entitlement_set", license, entitlementSetId: "set-a" },
    { kind: "end", license },
  ];
  assert.equal(
    rehearsalOf(licenses, { steps, reports: ["mind this"] }),
    [
      "would make sure of a license of product product-a, until 2026-12-05",
      "would make sure of a license of product product-a",
      "would move license license-1 to 2026-12-05",
      "would give license license-1 entitlement set set-a",
      "would revoke license license-1: another takes its place",
      "mind this",
    ].join("; "),
  );
  assert.equal(rehearsalOf(licenses, nothingToDo), "would do nothing: already so");
});

Deno.test("a license's end is told as a day, or as what there is of it", () => {
  assert.equal(until({ expiresAt, perpetual: false }), ", until 2026-12-05");
  assert.equal(until({ expiresAt: null, perpetual: true }), ", perpetual");
  assert.equal(until({ expiresAt: null, perpetual: false }), ", from its activation");
});

Deno.test("a license that is no more is told by its id", () => {
  assert.match(deleted("license-1"), /license-1 was deleted in Cryptlex/);
});
