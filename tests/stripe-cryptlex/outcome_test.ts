import assert from "node:assert/strict";
import type { Decision } from "../../functions/stripe-cryptlex/decide.ts";
import {
  deleted,
  fieldsSet,
  keptByHand,
  outcomeOf,
  rehearsalOf,
  until,
} from "../../functions/stripe-cryptlex/outcome.ts";
import type { WantedFields } from "../../functions/stripe-cryptlex/license_fields.ts";
import type { Step } from "../../functions/stripe-cryptlex/steps.ts";
import { desiredOf } from "./builders/desired_of.ts";
import { knownLicense } from "./builders/known_license.ts";

const expiresAt = new Date("2026-12-05T10:00:00Z");
const licenses: Decision = {
  kind: "licenses",
  desired: [],
  standing: { revokes: [], suspends: [], isOver: false, reports: [] },
  reports: [],
};
const nothingDone = { outcomes: [], reports: [] };
const nothingToDo = { steps: [], reports: [] };
const desired = desiredOf("product-a/1");

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
  assert.equal(outcomeOf({ kind: "user" }, nothingDone), "the buyer is a user in Cryptlex");
  assert.equal(
    outcomeOf({ kind: "user" }, { outcomes: [], reports: ["the user's name follows"] }),
    "the buyer is a user in Cryptlex; the user's name follows",
  );
  assert.match(rehearsalOf({ kind: "user" }, nothingToDo), /would make the buyer a user/);
});

Deno.test("a rehearsal tells each step it would take, and that it is none", () => {
  const license = knownLicense();
  const steps: Step[] = [
    { kind: "create", desired },
    { kind: "create", desired: { ...desired, expiresAt: null } },
    { kind: "expiry", license, desired, step: { kind: "set_expires_at", expiresAt } },
    { kind: "set_interval", license, interval: "P1Y" },
    { kind: "put_back", license, expiresAt },
    { kind: "set_fields", license, wanted: { entitlementSetId: "set-a" }, reason: null },
    { kind: "set_fields", license, wanted: { revoked: false, suspended: true }, reason: "why" },
    { kind: "end", license, successor: null },
  ];
  assert.equal(
    rehearsalOf(licenses, { steps, reports: ["mind this"] }),
    [
      "would make sure of a license of product product-a, until 2026-12-05",
      "would make sure of a license of product product-a",
      "would move license license-1 to 2026-12-05",
      "would have license license-1 renewed by P1Y",
      "would move license license-1 back to 2026-12-05",
      "would change license license-1: entitlement set set-a",
      "would change license license-1: suspended (why)",
      "would revoke license license-1: nobody has bought it any more",
      "mind this",
    ].join("; "),
  );
  assert.equal(rehearsalOf(licenses, nothingToDo), "would do nothing: already so");
});

Deno.test("a change of fields is told field by field, a flag with its reasons", () => {
  const told = (patch: WantedFields) => fieldsSet(patch, "du_1 is open");
  assert.equal(told({ revoked: true }), "revoked (du_1 is open)");
  assert.equal(
    told({ revoked: false, suspended: false }),
    [
      "valid again (du_1 is open)",
      "no longer suspended (du_1 is open)",
    ].join(", "),
  );
  assert.equal(told({ suspended: true }), "suspended (du_1 is open)");
  assert.equal(
    fieldsSet(
      { entitlementSetId: "set-a", allowedActivations: 5, allowedFloatingClients: 2 },
      null,
    ),
    "entitlement set set-a, 5 activations, 2 floating clients",
  );
});

Deno.test("what somebody changed is told by license and field", () => {
  assert.equal(
    keptByHand("license-1", "allowedActivations"),
    "allowedActivations of license license-1 was changed in Cryptlex by somebody else; it stays",
  );
});

Deno.test("a license's end is told as a day, or as what there is of it", () => {
  assert.equal(until({ expiresAt, perpetual: false }), ", until 2026-12-05");
  assert.equal(until({ expiresAt: null, perpetual: true }), ", perpetual");
  assert.equal(until({ expiresAt: null, perpetual: false }), ", from its activation");
});

Deno.test("a license that is no more is told by its id", () => {
  assert.match(deleted("license-1"), /license-1 was deleted in Cryptlex/);
});
