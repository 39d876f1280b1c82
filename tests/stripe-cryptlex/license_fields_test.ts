import assert from "node:assert/strict";
import {
  isAnnounced,
  type LicenseFields,
  planFields,
  resolveWriting,
  type WantedFields,
} from "../../functions/stripe-cryptlex/license_fields.ts";
import { licenseFields } from "./builders/known_license.ts";

type Field = keyof LicenseFields;

/** What becomes of one field. */
type Fate = "left" | "written" | "taken for ours" | "kept";

/** What becomes of `field`, last written by us, last seen, and now wanted so. */
function fateOf<F extends Field>(
  field: F,
  [wrote, seen, wanted]: readonly [LicenseFields[F], LicenseFields[F], LicenseFields[F]],
): Fate {
  const history = {
    seen: licenseFields({ [field]: seen }),
    wrote: licenseFields({ [field]: wrote }),
    writing: null,
  };
  const plan = planFields(history, { [field]: wanted });
  if (field in plan.patch) {
    assert.deepEqual([plan.patch, plan.kept], [{ [field]: wanted }, []]);
    assert.deepEqual(plan.wrote, history.wrote, "it counts as written once it was");
    return "written";
  }
  if (plan.kept.length > 0) {
    assert.deepEqual([plan.kept, plan.wrote], [[field], history.wrote]);
    return "kept";
  }
  if (plan.wrote[field] === wrote) return "left";
  assert.deepEqual(plan.wrote[field], wanted);
  return "taken for ours";
}

function table<F extends Field>(
  field: F,
  cases: readonly (readonly [
    wrote: LicenseFields[F],
    seen: LicenseFields[F],
    wanted: LicenseFields[F],
    fate: Fate,
  ])[],
): void {
  for (const [wrote, seen, wanted, fate] of cases) {
    const told = `${field}: wrote ${wrote}, seen ${seen}, wanted ${wanted}`;
    assert.equal(fateOf(field, [wrote, seen, wanted]), fate, told);
  }
}

Deno.test("a flag is written where it is as we left it, and is an operator's where it is not", () => {
  for (const flag of ["revoked", "suspended"] as const) {
    table(flag, [
      [false, false, true, "written"],
      [true, true, false, "written"],
      [false, false, false, "left"],
      [true, true, true, "left"],
      // Somebody set it: not ours, to be left when we want it no longer.
      [false, true, true, "left"],
      [false, true, false, "left"],
      // Somebody lifted it.
      [true, false, true, "left"],
      [true, false, false, "taken for ours"],
    ]);
  }
});

Deno.test("of counts that somebody changed the greater wins", () => {
  for (const count of ["allowedActivations", "allowedFloatingClients"] as const) {
    table(count, [
      [2, 2, 4, "written"],
      [4, 4, 2, "written"],
      [2, 2, 2, "left"],
      [2, 9, 2, "left"],
      [2, 1, 2, "left"],
      [2, 3, 4, "written"],
      [2, 1, 4, "written"],
      [2, 9, 4, "kept"],
      [4, 3, 2, "kept"],
      [2, 4, 4, "taken for ours"],
    ]);
  }
});

Deno.test("nothing is more than an unlimited count, unless it was unlimited when we made it", () => {
  for (const unlimited of [0, -1]) {
    table("allowedActivations", [
      [2, unlimited, 4, "kept"],
      [2, unlimited, 2, "left"],
      [unlimited, unlimited, 4, "written"],
      [unlimited, 3, 4, "written"],
      [unlimited, 9, 4, "kept"],
    ]);
  }
});

Deno.test("a count that has no value is less than any", () => {
  table("allowedFloatingClients", [
    [null, null, 2, "written"],
    [4, null, 2, "written"],
    [null, 9, 2, "kept"],
    [null, 1, 2, "written"],
  ]);
});

Deno.test("an entitlement set is written over ours, another one is somebody's", () => {
  table("entitlementSetId", [
    ["set-a", "set-a", "set-b", "written"],
    [null, null, "set-b", "written"],
    ["set-a", "set-a", "set-a", "left"],
    ["set-a", "set-c", "set-a", "left"],
    ["set-a", "set-c", "set-b", "kept"],
    ["set-a", null, "set-b", "kept"],
    ["set-a", "set-b", "set-b", "taken for ours"],
  ]);
});

Deno.test("what is not named, or named as nothing, stays as it is", () => {
  const history = { seen: licenseFields(), wrote: licenseFields(), writing: null };
  const left = { patch: {}, wrote: history.wrote, kept: [] };
  assert.deepEqual(planFields(history, {}), left);
  const nothings = {
    entitlementSetId: null,
    allowedActivations: null,
    allowedFloatingClients: null,
  };
  const filled = licenseFields({ entitlementSetId: "set-a", allowedFloatingClients: 2 });
  const had = { seen: filled, wrote: filled, writing: null };
  assert.deepEqual(planFields(had, nothings), { patch: {}, wrote: filled, kept: [] });
});

Deno.test("each field is judged by itself", () => {
  const seen = licenseFields({ suspended: true, entitlementSetId: "set-c", allowedActivations: 2 });
  const wrote = licenseFields({ entitlementSetId: "set-a", allowedActivations: 2 });
  const wanted = {
    revoked: false,
    suspended: true,
    entitlementSetId: "set-b",
    allowedActivations: 4,
  };
  assert.deepEqual(planFields({ seen, wrote, writing: null }, wanted), {
    patch: { allowedActivations: 4 },
    wrote,
    kept: ["entitlementSetId"],
  });
});

Deno.test("what was about to be written and is so counts as written by us", () => {
  const wrote = licenseFields();
  const seen = licenseFields({ suspended: true, allowedActivations: 4 });
  const writing: WantedFields = { suspended: true, allowedActivations: 4 };
  assert.deepEqual(resolveWriting({ seen: wrote, wrote, writing }, seen), {
    seen,
    wrote: seen,
    writing: null,
  });
});

Deno.test("what was about to be written and is not so may still be written", () => {
  const wrote = licenseFields();
  const seen = licenseFields({ suspended: true });
  const writing: WantedFields = { suspended: true, allowedActivations: 4 };
  assert.deepEqual(resolveWriting({ seen: wrote, wrote, writing }, seen), {
    seen,
    wrote: licenseFields({ suspended: true }),
    writing: { allowedActivations: 4 },
  });
});

Deno.test("a change nobody announced is somebody else's", () => {
  const wrote = licenseFields();
  const seen = licenseFields({ suspended: true, allowedActivations: 9 });
  for (const writing of [null, { revoked: true }]) {
    const now = resolveWriting({ seen: wrote, wrote, writing }, seen);
    assert.deepEqual(now, { seen, wrote, writing });
  }
});

Deno.test("a change is announced when all of it is written down", () => {
  const patch = { suspended: true, allowedActivations: 4 };
  const cases: [WantedFields | null, boolean][] = [
    [patch, true],
    [{ ...patch, revoked: true }, true],
    [{ suspended: true }, false],
    [{ ...patch, allowedActivations: 3 }, false],
    [{}, false],
    [null, false],
  ];
  for (const [writing, isSo] of cases) assert.equal(isAnnounced(patch, writing), isSo);
});
