import assert from "node:assert/strict";
import fc from "fast-check";
import {
  type BillingCycle,
  billingDate,
  billingPeriodAt,
  nextDayOfMonth,
  shareLeft,
} from "../../../tools/stripe_sandbox/billing_period.ts";

const DAY = 86_400_000;

function monthly(anchor: string, more: Partial<BillingCycle> = {}): BillingCycle {
  const date = new Date(anchor);
  return { startsAt: date, anchor: date, interval: "month", intervalCount: 1, ...more };
}

function days(cycle: BillingCycle, count: number): string[] {
  return Array.from({ length: count }, (_, index) => {
    return billingDate(cycle, index).toISOString().slice(0, 10);
  });
}

Deno.test("an anchor on the 31st bills on the last day of shorter months and returns", () => {
  assert.deepEqual(days(monthly("2027-01-31T10:00:00Z"), 5), [
    "2027-01-31",
    "2027-02-28",
    "2027-03-31",
    "2027-04-30",
    "2027-05-31",
  ]);
});

Deno.test("February of a leap year takes the 29th", () => {
  assert.deepEqual(days(monthly("2027-12-30T10:00:00Z"), 4), [
    "2027-12-30",
    "2028-01-30",
    "2028-02-29",
    "2028-03-30",
  ]);
});

Deno.test("a year from a leap day is the 28th, and the 29th again four years on", () => {
  assert.deepEqual(days(monthly("2024-02-29T10:00:00Z", { interval: "year" }), 5), [
    "2024-02-29",
    "2025-02-28",
    "2026-02-28",
    "2027-02-28",
    "2028-02-29",
  ]);
});

Deno.test("months and years keep time of day and land on the anchor's day or a shorter month's last", () => {
  fc.assert(fc.property(
    fc.integer({ min: 2023, max: 2032 }),
    fc.integer({ min: 0, max: 11 }),
    fc.constantFrom(1, 15, 28, 29, 30, 31),
    fc.integer({ min: 0, max: 86_399 }),
    fc.constantFrom<["month" | "year", number]>(["month", 1], ["year", 12]),
    fc.integer({ min: 1, max: 6 }),
    fc.integer({ min: 0, max: 60 }),
    (year, month, day, second, [interval, months], intervalCount, index) => {
      const anchor = new Date(Date.UTC(year, month, day) + second * 1000);
      const cycle = { startsAt: anchor, anchor, interval, intervalCount };
      const date = billingDate(cycle, index);

      const monthOf = (one: Date) => one.getUTCFullYear() * 12 + one.getUTCMonth();
      assert.equal(monthOf(date), monthOf(anchor) + index * intervalCount * months);
      assert.equal(date.getTime() % DAY, anchor.getTime() % DAY);
      const tomorrow = new Date(date.getTime() + DAY);
      const isLastDay = tomorrow.getUTCDate() === 1;
      const wanted = anchor.getUTCDate();
      assert.ok(
        date.getUTCDate() === wanted || (isLastDay && date.getUTCDate() < wanted),
        `${anchor.toISOString()} -> ${date.toISOString()}`,
      );
    },
  ));
});

Deno.test("weeks and days are counted in days, across the end of February", () => {
  assert.deepEqual(days(monthly("2028-02-20T10:00:00Z", { interval: "week" }), 3), [
    "2028-02-20",
    "2028-02-27",
    "2028-03-05",
  ]);
  assert.deepEqual(
    days(monthly("2028-02-27T10:00:00Z", { interval: "day", intervalCount: 2 }), 3),
    ["2028-02-27", "2028-02-29", "2028-03-02"],
  );
});

Deno.test("periods follow each other without gap or overlap", () => {
  fc.assert(fc.property(
    fc.constantFrom<BillingCycle["interval"]>("day", "week", "month", "year"),
    fc.integer({ min: 1, max: 4 }),
    fc.date({ min: new Date("2024-01-01"), max: new Date("2028-12-31"), noInvalidDate: true }),
    (interval, intervalCount, anchor) => {
      const cycle = { startsAt: anchor, anchor, interval, intervalCount };
      let period = billingPeriodAt(cycle, anchor);
      assert.equal(period.start.getTime(), anchor.getTime());
      for (let step = 0; step < 30; step++) {
        const next = billingPeriodAt(cycle, period.end);
        assert.equal(next.start.getTime(), period.end.getTime());
        assert.ok(next.end > next.start);
        const lastMoment = new Date(next.end.getTime() - 1);
        assert.deepEqual(billingPeriodAt(cycle, lastMoment), next);
        period = next;
      }
    },
  ));
});

Deno.test("the first period runs from the start to an anchor that comes later", () => {
  const startsAt = new Date("2026-01-10T10:00:00Z");
  const cycle = monthly("2026-03-01T10:00:00Z", { startsAt });
  assert.deepEqual(billingPeriodAt(cycle, new Date("2026-02-05T00:00:00Z")), {
    start: startsAt,
    end: new Date("2026-03-01T10:00:00Z"),
  });
});

Deno.test("the share left is that of a whole interval", () => {
  const cycle = monthly("2026-06-01T00:00:00Z");
  assert.equal(shareLeft(cycle, new Date("2026-06-01T00:00:00Z")), 1);
  assert.equal(shareLeft(cycle, new Date("2026-06-16T00:00:00Z")), 0.5);
  const partial = monthly("2026-07-01T00:00:00Z", { startsAt: new Date("2026-06-16T00:00:00Z") });
  assert.equal(shareLeft(partial, partial.startsAt), 0.5);
});

Deno.test("the next day of a month is after the start and at its time of day", () => {
  const next = (from: string, day: number) => nextDayOfMonth(new Date(from), day).toISOString();
  assert.equal(next("2026-05-15T08:30:00Z", 1), "2026-06-01T08:30:00.000Z");
  assert.equal(next("2026-05-15T08:30:00Z", 31), "2026-05-31T08:30:00.000Z");
  assert.equal(next("2027-02-10T08:30:00Z", 31), "2027-02-28T08:30:00.000Z");
  assert.equal(next("2027-02-28T08:30:00Z", 31), "2027-03-31T08:30:00.000Z");
  assert.equal(next("2026-12-31T08:30:00Z", 31), "2027-01-31T08:30:00.000Z");
});
