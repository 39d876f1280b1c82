import assert from "node:assert/strict";
import fc from "fast-check";
import { addInterval } from "../../functions/stripe-cryptlex/calendar_interval.ts";

function after(date: string, interval: string): string | undefined {
  return addInterval(new Date(date), interval)?.toISOString();
}

Deno.test("months and years go by the calendar, the time of day stays", () => {
  assert.equal(after("2026-11-02T10:11:12.345Z", "P1M"), "2026-12-02T10:11:12.345Z");
  assert.equal(after("2026-11-02T10:11:12.345Z", "P3M"), "2027-02-02T10:11:12.345Z");
  assert.equal(after("2026-11-02T23:59:59.999Z", "P1Y"), "2027-11-02T23:59:59.999Z");
});

Deno.test("a day the month does not have becomes its last", () => {
  assert.equal(after("2027-01-31T10:00:00Z", "P1M"), "2027-02-28T10:00:00.000Z");
  assert.equal(after("2028-01-31T10:00:00Z", "P1M"), "2028-02-29T10:00:00.000Z");
  assert.equal(after("2026-12-31T10:00:00Z", "P2M"), "2027-02-28T10:00:00.000Z");
  assert.equal(after("2028-02-29T10:00:00Z", "P1Y"), "2029-02-28T10:00:00.000Z");
  assert.equal(after("2028-02-29T10:00:00Z", "P4Y"), "2032-02-29T10:00:00.000Z");
});

Deno.test("weeks, days and times are of fixed length", () => {
  assert.equal(after("2027-02-27T10:00:00Z", "P2W"), "2027-03-13T10:00:00.000Z");
  assert.equal(after("2027-02-27T10:00:00Z", "P30D"), "2027-03-29T10:00:00.000Z");
  assert.equal(after("2026-12-31T23:00:00Z", "PT1H30M5S"), "2027-01-01T00:30:05.000Z");
});

Deno.test("all parts add up, the calendar's first", () => {
  assert.equal(after("2027-01-31T00:00:00Z", "P1M1D"), "2027-03-01T00:00:00.000Z");
  assert.equal(after("2026-01-15T00:00:00Z", "P1Y2M1W3DT4H5M6S"), "2027-03-25T04:05:06.000Z");
});

Deno.test("a leap day plus a year and a month is 28 March", () => {
  assert.equal(after("2028-02-29T10:00:00Z", "P1Y1M"), "2029-03-28T10:00:00.000Z");
});

Deno.test("what adds no time, or is no duration, is none", () => {
  const none = [
    "",
    "P",
    "PT",
    "P0D",
    "P0Y0M",
    "PT0S",
    "P1MT",
    "1M",
    "P1",
    "PM",
    "P-1M",
    "p1m",
    "P1.5M",
  ];
  for (const interval of none) {
    assert.equal(after("2026-11-02T10:00:00Z", interval), undefined, interval);
  }
});

Deno.test("what leads past the end of all dates is none", () => {
  assert.equal(after("2026-11-02T10:00:00Z", "P999999Y"), undefined);
});

Deno.test("the date given is not changed", () => {
  const date = new Date("2026-11-02T10:00:00Z");
  addInterval(date, "P1M");
  assert.equal(date.toISOString(), "2026-11-02T10:00:00.000Z");
});

Deno.test("a month leads into the next month, at the same time, not to a later day of it", () => {
  const dates = fc.date({ min: new Date(0), max: new Date("2200-01-01"), noInvalidDate: true });
  fc.assert(fc.property(dates, (date) => {
    const later = addInterval(date, "P1M");
    assert.ok(later !== null);
    assert.equal(later.getUTCMonth(), (date.getUTCMonth() + 1) % 12);
    assert.ok(later.getUTCDate() <= date.getUTCDate());
    assert.equal(later.getTime() % 86_400_000, date.getTime() % 86_400_000);
  }));
});
