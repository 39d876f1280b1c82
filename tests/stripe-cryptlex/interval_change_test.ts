import assert from "node:assert/strict";
import { dateToPutBack } from "../../functions/stripe-cryptlex/interval_change.ts";
import { asSeen } from "../../functions/stripe-cryptlex/known_license.ts";
import { knownLicense } from "./builders/known_license.ts";
import { licenseShown } from "./builders/license_shown.ts";

const date = (text: string) => new Date(`${text}T10:00:00Z`);
const kept = date("2026-12-05");
const announced = knownLicense({
  expiresAt: kept,
  intervalChange: { interval: "P1Y", expiresAt: kept },
});
const seen = (subscriptionInterval: string, expiresAt: Date) =>
  asSeen(announced, licenseShown({}, { subscriptionInterval, expiresAt }));

Deno.test("a change of interval that moved the date, either way, has it put back", () => {
  for (const moved of [date("2027-11-02"), date("2026-11-20")]) {
    const license = seen("P1Y", moved);
    assert.deepEqual(dateToPutBack(license), kept);
    assert.notEqual(license.intervalChange, null);
  }
});

Deno.test("a change that moved nothing is over, so that a later date is an operator's", () => {
  const license = seen("P1Y", kept);
  assert.deepEqual([dateToPutBack(license), license.intervalChange], [null, null]);
});

Deno.test("a change that was not made says nothing about the date", () => {
  const license = seen("P1M", date("2027-11-02"));
  assert.equal(dateToPutBack(license), null);
  assert.deepEqual(license.intervalChange, announced.intervalChange);
});

Deno.test("a template's date, still to be aligned, is not put back", () => {
  const intervalChange = { interval: "P1Y", expiresAt: null };
  const license = knownLicense({ subscriptionInterval: "P1Y", intervalChange });
  assert.equal(dateToPutBack(license), null);
});
