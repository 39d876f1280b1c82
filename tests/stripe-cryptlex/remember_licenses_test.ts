import assert from "node:assert/strict";
import type { DesiredLicense } from "../../functions/stripe-cryptlex/decide.ts";
import type { KnownLicense } from "../../functions/stripe-cryptlex/known_license.ts";
import { rememberLicenses } from "../../functions/stripe-cryptlex/remember_licenses.ts";
import { desiredOf } from "./builders/desired_of.ts";
import { knownLicense, licenseFields } from "./builders/known_license.ts";
import { targetOf } from "./builders/target_of.ts";

const at = new Date("2026-11-02T10:00:00Z");
const wanted = desiredOf("product-a/1");

function remembered(
  desired: readonly DesiredLicense[],
  ...known: KnownLicense[]
): KnownLicense[] {
  const licenses = new Map(known.map((license) => [license.licenseId, license]));
  rememberLicenses(licenses, desired);
  return [...licenses.values()];
}

Deno.test("what is as we know it stays so", () => {
  assert.deepEqual(remembered([wanted], knownLicense()), [knownLicense()]);
});

Deno.test("nothing is about to be written any more, of any license", () => {
  const other = knownLicense({ licenseId: "license-2", slot: "product-a/2" });
  const writing = { suspended: true };
  assert.deepEqual(remembered([wanted], { ...knownLicense(), writing }, { ...other, writing }), [
    knownLicense(),
    other,
  ]);
  assert.deepEqual(remembered([], { ...knownLicense(), writing }), [knownLicense()]);
});

Deno.test("what was found as it is wanted counts as ours, but no flag that is set", () => {
  const seen = licenseFields({ suspended: true, entitlementSetId: "set-b", allowedActivations: 4 });
  const fields = {
    revoked: false,
    suspended: true,
    entitlementSetId: "set-b",
    allowedActivations: 4,
  };
  const [row] = remembered([{ ...wanted, fields }], knownLicense({ seen }));
  assert.deepEqual(row?.wrote, { ...seen, suspended: false });
});

Deno.test("what somebody changed stays theirs", () => {
  const seen = licenseFields({ suspended: true, entitlementSetId: "set-c", allowedActivations: 9 });
  const fields = {
    revoked: false,
    suspended: false,
    entitlementSetId: "set-b",
    allowedActivations: 4,
  };
  const [row] = remembered([{ ...wanted, fields }], knownLicense({ seen }));
  assert.deepEqual(row?.wrote, licenseFields());
});

Deno.test("of a license that is to be revoked only that was seen to", () => {
  const seen = licenseFields({ revoked: true, allowedActivations: 4 });
  const wrote = licenseFields({ revoked: true });
  const fields = { revoked: true, suspended: false, allowedActivations: 4 };
  const [row] = remembered([{ ...wanted, fields }], knownLicense({ seen, wrote }));
  assert.deepEqual(row?.wrote, wrote);
});

Deno.test("an ending is taken back when the license is wanted again", () => {
  const [row] = remembered([wanted], knownLicense({ endedAt: at }));
  assert.equal(row?.endedAt, null);
});

Deno.test("of two in a slot the one that is there is meant, not the one we ended", () => {
  const past = knownLicense({ licenseId: "past", endedAt: at });
  const [ended, living] = remembered([wanted], past, knownLicense());
  assert.deepEqual([ended?.endedAt, living?.endedAt], [at, null]);
});

Deno.test("what nobody wants stays ended, what is deleted stays deleted", () => {
  const ended = knownLicense({ endedAt: at });
  assert.deepEqual(remembered([], ended), [ended]);
  const gone = knownLicense({ goneAt: at });
  assert.deepEqual(remembered([wanted], gone), [gone]);
});

Deno.test("a date that came out right is ours, where none was wanted it is not", () => {
  const unaligned = knownLicense({ wroteExpiresAt: null });
  const [right] = remembered([wanted], unaligned);
  assert.deepEqual(right?.wroteExpiresAt, unaligned.expiresAt);
  const [unknown] = remembered([{ ...wanted, expiresAt: null }], unaligned);
  assert.equal(unknown?.wroteExpiresAt, null);
});

Deno.test("doubles in a slot are all remembered alike", () => {
  const double = (licenseId: string) =>
    knownLicense({ licenseId, origin: "adopted", wroteExpiresAt: null });
  const rows = remembered([wanted], double("x"), double("y"));
  assert.deepEqual(
    rows.map(({ wroteExpiresAt }) => wroteExpiresAt),
    [wanted.expiresAt, wanted.expiresAt],
  );
});

Deno.test("what a license now stands for is noted with it", () => {
  const target = targetOf("product-a", { priceId: "price_b" });
  const mapped = { ...wanted, target, stripePriceId: "price_b", remapped: true };
  const [row] = remembered([mapped], knownLicense());
  assert.deepEqual([row?.stripeItemId, row?.stripePriceId], ["si_1", "price_b"]);
});
