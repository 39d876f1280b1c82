import assert from "node:assert/strict";
import type { ExpiryStep } from "../../functions/stripe-cryptlex/expiry_step.ts";
import type { KnownLicense } from "../../functions/stripe-cryptlex/known_license.ts";
import { moveExpiry } from "../../functions/stripe-cryptlex/move_expiry.ts";
import { UnheardError } from "../../functions/stripe-cryptlex/trouble.ts";
import type { FakeCryptlex } from "./builders/fake_cryptlex.ts";
import { knownLicense } from "./builders/known_license.ts";
import { licenseShown } from "./builders/license_shown.ts";
import { createLicensesAtWork } from "./builders/licenses_at_work.ts";
import { noAnswer, refusal } from "./builders/refusal.ts";

const date = (text: string) => new Date(`${text}T10:00:00Z`);
/** As the ledger and Cryptlex have it: until 5 December. */
const license = knownLicense();

const renewTo = (text: string): ExpiryStep => ({
  kind: "renew",
  expiresAt: date(text),
  predicted: date("2027-01-05"),
});
const setTo = (text: string): ExpiryStep => ({ kind: "set_expires_at", expiresAt: date(text) });

/** Cryptlex has the license until `seen`; `refuse` as in the fake. */
function there(
  { known = license, hasRead = false, seen = date("2026-12-05") }: {
    known?: KnownLicense;
    hasRead?: boolean;
    seen?: Date | null;
  } = {},
  refuse: FakeCryptlex["refuse"] = () => {},
) {
  const at = createLicensesAtWork({
    known: [known],
    shown: [licenseShown({}, { expiresAt: seen })],
    hasRead,
    refuse,
  });
  return {
    ...at,
    calls: at.cryptlex.calls,
    move: (step: ExpiryStep) => moveExpiry(at.row(), step, at),
    dates: () => [at.row().expiresAt, at.row().wroteExpiresAt],
  };
}

Deno.test("a renewal that ends where it should is one call", async () => {
  const { move, calls, dates, work } = there();
  await move(renewTo("2027-01-05"));
  assert.deepEqual(calls, ["renewLicense"]);
  assert.deepEqual(dates(), [date("2027-01-05"), date("2027-01-05")]);
  assert.deepEqual(work.outcomes, ["license license-1 renewed, until 2027-01-05"]);
});

Deno.test("a renewal that misses is put right at once", async () => {
  for (const wanted of ["2027-01-08", "2027-01-02"]) {
    const { move, calls, dates, work } = there();
    await move(renewTo(wanted));
    assert.deepEqual(calls, ["renewLicense", "setExpiresAt"]);
    assert.deepEqual(dates(), [date(wanted), date(wanted)]);
    assert.match(String(work.outcomes), new RegExp(`until ${wanted}`));
  }
});

Deno.test("should that fail, the renewal is known and counts as not yet ours", async () => {
  const { move, dates } = there({}, (call) => {
    if (call === "setExpiresAt") throw noAnswer();
  });
  await assert.rejects(move(renewTo("2027-01-08")), /did not answer/);
  assert.deepEqual(dates(), [date("2027-01-05"), date("2026-12-05")]);
});

Deno.test("a renewal without an answer is unheard, and nothing else is tried", async () => {
  const { move, calls, dates } = there({}, () => {
    throw noAnswer();
  });
  await assert.rejects(move(renewTo("2027-01-05")), UnheardError);
  assert.deepEqual(calls, ["renewLicense"]);
  assert.deepEqual(dates(), [license.expiresAt, license.wroteExpiresAt]);
});

Deno.test("a refused renewal falls back to the exact date", async () => {
  for (const status of [400, 409, 422]) {
    const { move, calls, dates } = there({}, (call) => {
      if (call === "renewLicense") throw refusal(status);
    });
    await move(renewTo("2027-01-05"));
    assert.deepEqual(calls, ["renewLicense", "getLicense", "setExpiresAt"]);
    assert.deepEqual(dates(), [date("2027-01-05"), date("2027-01-05")]);
  }
});

Deno.test("a deleted license, a rate limit or a refused token is no refused renewal", async () => {
  for (const status of [404, 429, 401, 403]) {
    const { move, calls } = there({}, () => {
      throw refusal(status);
    });
    await assert.rejects(move(renewTo("2027-01-05")));
    assert.deepEqual(calls, ["renewLicense"]);
  }
});

Deno.test("the exact date is written at once over a template's, and over one just read", async () => {
  const unaligned = { ...license, wroteExpiresAt: null };
  for (const how of [{ known: unaligned }, { hasRead: true }]) {
    const { move, calls, dates, work } = there(how);
    await move(setTo("2027-03-05"));
    assert.deepEqual(calls, ["setExpiresAt"]);
    assert.deepEqual(dates(), [date("2027-03-05"), date("2027-03-05")]);
    assert.deepEqual(work.outcomes, ["license license-1 set, until 2027-03-05"]);
  }
});

Deno.test("over any other date it is written only after a look", async () => {
  const { move, calls, dates } = there();
  await move(setTo("2027-03-05"));
  assert.deepEqual(calls, ["getLicense", "setExpiresAt"]);
  assert.deepEqual(dates(), [date("2027-03-05"), date("2027-03-05")]);
});

Deno.test("a later date somebody gave meanwhile stands", async () => {
  const { move, calls, dates, work } = there({ seen: date("2028-01-01") });
  await move(setTo("2027-03-05"));
  assert.deepEqual(calls, ["getLicense"]);
  assert.deepEqual(dates(), [date("2028-01-01"), license.wroteExpiresAt]);
  assert.deepEqual(work.outcomes, ["license license-1 is left as it is, until 2028-01-01"]);
});

Deno.test("over one that was written in this attempt it is written at once", async () => {
  const { move, calls, cryptlex } = there();
  cryptlex.touched.add("license-1");
  await move(setTo("2027-03-05"));
  assert.deepEqual(calls, ["setExpiresAt"]);
});

Deno.test("a date without an answer may land late, and is no date of ours yet", async () => {
  const { move, dates } = there({ hasRead: true }, () => {
    throw noAnswer();
  });
  await assert.rejects(move(setTo("2027-03-05")), UnheardError);
  assert.deepEqual(dates(), [license.expiresAt, license.wroteExpiresAt]);
});
