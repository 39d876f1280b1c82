import assert from "node:assert/strict";
import { asSeen, isLiving } from "../../functions/stripe-cryptlex/known_license.ts";
import { knownLicense, licenseFields } from "./builders/known_license.ts";
import { licenseShown } from "./builders/license_shown.ts";

const at = new Date("2026-11-02T10:00:00Z");

Deno.test("what Cryptlex shows is what we see; what it stands for and what we wrote is ours to know", () => {
  const row = knownLicense({ mappedBy: "plan", stripeItemId: "si_1", endedAt: at });
  const shown = {
    userId: "user-2",
    subscriptionInterval: "P1Y",
    expiresAt: null,
    perpetual: true,
  };
  const fields = licenseFields({ suspended: true });
  const license = licenseShown({}, { ...shown, fields, productId: "product-moved" });
  assert.deepEqual(asSeen(row, license), { ...row, ...shown, seen: fields });
});

Deno.test("a change that was announced and is seen was ours", () => {
  const row = knownLicense({ writing: { suspended: true } });
  const fields = licenseFields({ suspended: true });
  const { wrote, writing } = asSeen(row, licenseShown({}, { fields }));
  assert.deepEqual([wrote, writing], [fields, null]);
});

Deno.test("what was being taken up again and is valid has not ended", () => {
  const revoked = licenseFields({ revoked: true });
  const row = knownLicense({ seen: revoked, wrote: revoked, endedAt: at });
  const again = { ...row, writing: { revoked: false } };
  assert.equal(asSeen(again, licenseShown()).endedAt, null);
  assert.equal(asSeen(again, licenseShown({}, { fields: revoked })).endedAt, at);
  // Somebody else made it valid: that is theirs.
  assert.equal(asSeen(row, licenseShown()).endedAt, at);
});

Deno.test("a license lives until we end it or it is deleted", () => {
  assert.equal(isLiving(knownLicense()), true);
  assert.equal(isLiving(knownLicense({ seen: licenseFields({ revoked: true }) })), true);
  assert.equal(isLiving(knownLicense({ endedAt: at })), false);
  assert.equal(isLiving(knownLicense({ goneAt: at })), false);
});
