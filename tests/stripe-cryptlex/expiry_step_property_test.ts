// What holds of an expiry step whatever the license, the wanted date and the calendar.

import assert from "node:assert/strict";
import fc from "fast-check";
import {
  correctsRenewal,
  type ExpiryStep,
  expiryStep,
} from "../../functions/stripe-cryptlex/expiry_step.ts";
import type { KnownLicense } from "../../functions/stripe-cryptlex/known_license.ts";
import { addInterval, parseInterval } from "../../tools/cryptlex_sandbox/calendar_interval.ts";
import { knownLicense } from "./builders/known_license.ts";

const dayMs = 24 * 60 * 60 * 1000;
const date = fc.integer({ min: 0, max: 900 }).chain((days) =>
  fc.integer({ min: -2, max: 2 }).map((hours) =>
    new Date(Date.UTC(2026, 0, 1) + days * dayMs + hours * 50 * 60 * 1000)
  )
);
const maybeDate = fc.option(date);
const interval = fc.constantFrom("P1M", "P3M", "P1Y", "P1W", "PT24H", "P0D", null);

/** As Cryptlex adds it; null where it adds nothing. */
function plus(from: Date, text: string | null): Date | null {
  const parsed = text === null ? null : parseInterval(text);
  const later = parsed === null ? from : addInterval(from, parsed);
  return later > from ? later : null;
}

/** Licenses and wanted dates; half of the dates an interval or so from one another. */
const cases = fc.record({ interval, seen: maybeDate, wrote: maybeDate, wanted: date }).chain(
  (any) => {
    const { interval, wrote } = any;
    const renewed = wrote === null ? null : plus(wrote, interval);
    return fc.record({
      interval: fc.constant(interval),
      wrote: fc.constant(wrote),
      seen: fc.constantFrom(any.seen, wrote, renewed),
      wanted: fc.oneof(
        fc.constant(any.wanted),
        fc.integer({ min: -10, max: 10 }).map((days) =>
          new Date((renewed ?? any.wanted).getTime() + days * dayMs)
        ),
      ),
      perpetual: fc.boolean(),
      mayRenew: fc.boolean(),
      origin: fc.constantFrom("created", "adopted"),
    });
  },
)
  // A baseline that is no date: adopted before its activation, in a test of its own.
  .filter(({ origin, wrote }) => origin === "created" || wrote !== null)
  .map(({ interval, seen, wrote, perpetual, origin, ...rest }) => ({
    ...rest,
    license: knownLicense({
      origin,
      subscriptionInterval: interval,
      expiresAt: seen,
      wroteExpiresAt: wrote,
      perpetual: perpetual && seen === null,
    }),
  }));

/** What becomes of the license once Cryptlex took the step. */
function taken(license: KnownLicense, step: ExpiryStep): KnownLicense {
  const set = (expiresAt: Date) => ({
    ...license,
    expiresAt,
    wroteExpiresAt: expiresAt,
    perpetual: false,
  });
  if (step.kind === "set_expires_at") return set(step.expiresAt);
  assert.ok(license.expiresAt !== null, "a license without a date is never renewed");
  const answer = plus(license.expiresAt, license.subscriptionInterval);
  assert.deepEqual(answer, step.predicted, "the prediction is what Cryptlex does");
  return set(correctsRenewal(step, answer) ? step.expiresAt : step.predicted);
}

Deno.test("a date goes back only to align the template's or to undo an unheard renewal", () => {
  fc.assert(
    fc.property(cases, ({ license, wanted, mayRenew }) => {
      const { expiresAt: seen, wroteExpiresAt: wrote } = license;
      const step = expiryStep(license, wanted, { mayRenew });
      if (step === null || seen === null || step.expiresAt >= seen) return;
      const aligns = wrote === null;
      const undoes = wrote !== null && wanted > wrote &&
        plus(wrote, license.subscriptionInterval)?.getTime() === seen.getTime();
      assert.ok(aligns || undoes);
      assert.equal(step.kind, "set_expires_at");
    }),
    { numRuns: 2000 },
  );
});

Deno.test("a step leads to the wanted date or, within an hour, where a renewal does", () => {
  fc.assert(
    fc.property(cases, ({ license, wanted, mayRenew }) => {
      const step = expiryStep(license, wanted, { mayRenew });
      if (step === null) return;
      const reached = taken(license, step).expiresAt?.getTime() ?? NaN;
      assert.ok(Math.abs(reached - wanted.getTime()) <= 60 * 60 * 1000);
    }),
    { numRuns: 2000 },
  );
});

Deno.test("once a step is taken there is none to take", () => {
  fc.assert(
    fc.property(cases, ({ license, wanted, mayRenew }) => {
      const step = expiryStep(license, wanted, { mayRenew });
      if (step === null) return;
      for (const again of [true, false]) {
        assert.equal(expiryStep(taken(license, step), wanted, { mayRenew: again }), null);
      }
    }),
    { numRuns: 2000 },
  );
});

Deno.test("where renewing is not safe there is never a renewal", () => {
  fc.assert(fc.property(cases, ({ license, wanted }) => {
    assert.notEqual(expiryStep(license, wanted, { mayRenew: false })?.kind, "renew");
  }));
});

Deno.test("what an operator made perpetual is never given a date", () => {
  fc.assert(fc.property(cases, ({ license, wanted, mayRenew }) => {
    if (!license.perpetual || license.wroteExpiresAt === null) return;
    assert.equal(expiryStep(license, wanted, { mayRenew }), null);
  }));
});
