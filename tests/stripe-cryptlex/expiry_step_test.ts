import assert from "node:assert/strict";
import {
  aligned as markedAligned,
  correctsRenewal,
  type ExpiryStep,
  expiryStep,
} from "../../functions/stripe-cryptlex/expiry_step.ts";
import type { KnownLicense } from "../../functions/stripe-cryptlex/known_license.ts";
import { knownLicense } from "./builders/known_license.ts";

const date = (text: string) => new Date(`${text}T10:00:00Z`);
const later = (from: Date, ms: number) => new Date(from.getTime() + ms);
const hour = 60 * 60 * 1000;

/** Aligned by us to that date. */
const aligned = (until: string, changed: Partial<KnownLicense> = {}) =>
  knownLicense({ expiresAt: date(until), wroteExpiresAt: date(until), ...changed });

/** Its date came from the template. */
const unaligned = (until: string, changed: Partial<KnownLicense> = {}) =>
  aligned(until, { wroteExpiresAt: null, ...changed });

function stepTo(wanted: Date | string, license: KnownLicense, mayRenew = true) {
  return expiryStep(license, typeof wanted === "string" ? date(wanted) : wanted, { mayRenew });
}

const exactly = (until: string): ExpiryStep => ({ kind: "set_expires_at", expiresAt: date(until) });

Deno.test("the template's date is aligned, up or down", () => {
  assert.deepEqual(stepTo("2026-12-04", unaligned("2026-12-01")), exactly("2026-12-04"));
  assert.deepEqual(stepTo("2026-12-04", unaligned("2027-12-01")), exactly("2026-12-04"));
  assert.equal(stepTo("2026-12-04", unaligned("2026-12-04")), null);
});

Deno.test("the template's perpetual, or a date still to come with an activation, is aligned too", () => {
  for (const perpetual of [true, false]) {
    const license = knownLicense({ expiresAt: null, wroteExpiresAt: null, perpetual });
    assert.deepEqual(stepTo("2026-12-04", license), exactly("2026-12-04"));
  }
});

Deno.test("it is aligned once: later a date only grows", () => {
  assert.equal(stepTo("2026-12-01", aligned("2026-12-04")), null);
  assert.equal(stepTo("2026-12-04", aligned("2026-12-04")), null);
});

Deno.test("an hour more is no difference", () => {
  const license = aligned("2026-12-04");
  assert.equal(stepTo(later(date("2026-12-04"), hour), license), null);
  assert.notEqual(stepTo(later(date("2026-12-04"), hour + 1), license), null);
});

Deno.test("about one interval more is a renewal, up to a quarter of it off", () => {
  const license = aligned("2026-11-04");
  const predicted = date("2026-12-04");
  const quarter = 30 * 24 * hour / 4;
  for (const miss of [0, quarter, -quarter]) {
    const wanted = later(predicted, miss);
    assert.deepEqual(stepTo(wanted, license), { kind: "renew", expiresAt: wanted, predicted });
  }
  for (const miss of [quarter + 1, -quarter - 1]) {
    assert.equal(stepTo(later(predicted, miss), license)?.kind, "set_expires_at");
  }
});

Deno.test("a month from 31 January ends with February, and Stripe's 31 March is still one month on", () => {
  assert.deepEqual(stepTo("2027-03-03", aligned("2027-01-31")), {
    kind: "renew",
    expiresAt: date("2027-03-03"),
    predicted: date("2027-02-28"),
  });
  assert.deepEqual(stepTo("2027-03-31", aligned("2027-02-28")), {
    kind: "renew",
    expiresAt: date("2027-03-31"),
    predicted: date("2027-03-28"),
  });
});

Deno.test("from monthly to yearly and back the exact date is set", () => {
  assert.deepEqual(stepTo("2027-11-04", aligned("2026-11-04")), exactly("2027-11-04"));
  const yearly = aligned("2026-11-04", { subscriptionInterval: "P1Y" });
  assert.deepEqual(stepTo("2026-12-04", yearly), exactly("2026-12-04"));
});

Deno.test("without an interval that adds time the exact date is set", () => {
  for (const subscriptionInterval of [null, "", "P0D", "monthly"]) {
    const license = aligned("2026-11-04", { subscriptionInterval });
    assert.deepEqual(stepTo("2026-12-04", license), exactly("2026-12-04"));
  }
});

Deno.test("where a renewal may have happened unheard the exact date is set", () => {
  assert.deepEqual(stepTo("2026-12-04", aligned("2026-11-04"), false), exactly("2026-12-04"));
});

Deno.test("a renewal that happened unheard is put right, more or less", () => {
  const renewed = (seen: string) => aligned("2026-11-04", { expiresAt: date(seen) });
  assert.equal(stepTo("2026-12-04", renewed("2026-12-04"), false), null);
  assert.deepEqual(stepTo("2026-12-01", renewed("2026-12-04"), false), exactly("2026-12-01"));
  assert.deepEqual(stepTo("2026-12-06", renewed("2026-12-04"), false), exactly("2026-12-06"));
});

Deno.test("a renewal that nobody missed is an operator's, and stands", () => {
  const renewed = aligned("2026-11-04", { expiresAt: date("2026-12-04") });
  assert.equal(stepTo("2026-12-01", renewed, true), null);
});

Deno.test("an hour after an unheard call a renewal beyond the paid time goes back, and only then", () => {
  const doubled = aligned("2026-11-04", { expiresAt: date("2026-12-04") });
  const step = (undoesRenewal: boolean) =>
    expiryStep(doubled, date("2026-11-04"), { mayRenew: false, undoesRenewal });
  assert.deepEqual(step(true), exactly("2026-11-04"));
  assert.equal(step(false), null);
  const extended = aligned("2026-11-04", { expiresAt: date("2026-12-20") });
  const undo = { mayRenew: false, undoesRenewal: true };
  assert.equal(expiryStep(extended, date("2026-11-04"), undo), null);
});

Deno.test("a later date that is no unheard renewal is somebody's, and stands", () => {
  const extended = aligned("2026-11-04", { expiresAt: date("2026-12-20") });
  for (const mayRenew of [true, false]) {
    assert.equal(stepTo("2026-12-04", extended, mayRenew), null);
  }
});

Deno.test("what the operator shortened stays so until more time is paid for", () => {
  const shortened = aligned("2026-12-04", { expiresAt: date("2026-11-10") });
  assert.equal(stepTo("2026-12-04", shortened), null);
  assert.equal(stepTo(later(date("2026-12-04"), hour), shortened), null);
  assert.deepEqual(stepTo("2027-01-04", shortened), exactly("2027-01-04"));
});

Deno.test("what the operator extended stays so until the paid time passes it", () => {
  const extended = aligned("2026-11-04", { expiresAt: date("2027-06-01") });
  assert.equal(stepTo("2026-12-04", extended), null);
  assert.deepEqual(stepTo("2027-06-04", extended), exactly("2027-06-04"));
});

Deno.test("what the operator made perpetual stays perpetual", () => {
  const perpetual = aligned("2026-11-04", { expiresAt: null, perpetual: true });
  assert.equal(stepTo("2026-12-04", perpetual), null);
});

Deno.test("a date that was taken away without making the license perpetual is set again", () => {
  const dateless = aligned("2026-11-04", { expiresAt: null });
  assert.deepEqual(stepTo("2026-12-04", dateless), exactly("2026-12-04"));
});

Deno.test("an adopted license only grows, by renewal or exactly", () => {
  const adopted = aligned("2026-11-04", { origin: "adopted" });
  assert.equal(stepTo("2026-10-04", adopted), null);
  assert.equal(stepTo("2026-12-06", adopted)?.kind, "renew");
  assert.deepEqual(stepTo("2027-03-04", adopted), exactly("2027-03-04"));
});

Deno.test("an adopted perpetual license is left alone", () => {
  const changed = { origin: "adopted", expiresAt: null, wroteExpiresAt: null } as const;
  assert.equal(stepTo("2026-12-04", knownLicense({ ...changed, perpetual: true })), null);
});

Deno.test("an adopted license without a date yet gets the paid one", () => {
  const adopted = knownLicense({ origin: "adopted", expiresAt: null, wroteExpiresAt: null });
  assert.deepEqual(stepTo("2026-12-04", adopted), exactly("2026-12-04"));
});

Deno.test("an adopted license that was activated since it was found only grows", () => {
  const adopted = unaligned("2027-11-01", { origin: "adopted" });
  assert.equal(stepTo("2026-12-04", adopted), null);
  assert.deepEqual(stepTo("2027-12-04", adopted), exactly("2027-12-04"));
});

Deno.test("a renewal answered as predicted is corrected when it misses by over an hour", () => {
  const step = { expiresAt: date("2026-12-07"), predicted: date("2026-12-04") };
  assert.equal(correctsRenewal(step, step.predicted), true);
  assert.equal(correctsRenewal(step, later(step.predicted, 999)), true);
  assert.equal(
    correctsRenewal({ ...step, expiresAt: later(step.predicted, hour) }, step.predicted),
    false,
  );
  assert.equal(correctsRenewal({ ...step, expiresAt: date("2026-12-01") }, step.predicted), true);
});

Deno.test("of a renewal answered otherwise the later of answer and wanted stands", () => {
  const step = { expiresAt: date("2026-12-07"), predicted: date("2026-12-04") };
  assert.equal(correctsRenewal(step, date("2027-01-04")), false);
  assert.equal(correctsRenewal(step, date("2026-11-20")), true);
  assert.equal(correctsRenewal(step, null), false);
});

Deno.test("a template's date that is right counts as ours, no other date does", () => {
  const wrote = (license: KnownLicense) =>
    markedAligned(license, date("2026-12-04")).wroteExpiresAt;
  const nearly = unaligned("2026-12-04", { expiresAt: later(date("2026-12-04"), hour) });
  assert.deepEqual(wrote(nearly), nearly.expiresAt);
  assert.equal(wrote(unaligned("2026-12-05")), null);
  assert.equal(wrote(knownLicense({ expiresAt: null, wroteExpiresAt: null })), null);
  const shortened = aligned("2026-12-04", { wroteExpiresAt: date("2027-01-04") });
  assert.deepEqual(wrote(shortened), date("2027-01-04"));
});

Deno.test("a date of ours that was never answered for is the one the next renewal started from", () => {
  const landed = aligned("2027-01-04", { wroteExpiresAt: date("2026-12-04") });
  const found = markedAligned(landed, date("2027-01-04"));
  assert.deepEqual(found.wroteExpiresAt, date("2027-01-04"));
  const uncorrected = { ...found, expiresAt: date("2027-02-04") };
  assert.deepEqual(stepTo("2027-01-31", uncorrected, false), exactly("2027-01-31"));
});
