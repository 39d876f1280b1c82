// Calendar arithmetic: month ends by table, laws by property.

import assert from "node:assert/strict";
import fc from "fast-check";
import { addInterval, parseInterval } from "../../../tools/cryptlex_sandbox/calendar_interval.ts";

function add(from: string, text: string): string {
  const interval = parseInterval(text);
  assert.ok(interval, `${text} is an interval`);
  return addInterval(new Date(from), interval).toISOString().replace(".000Z", "Z");
}

const TABLE: readonly (readonly [from: string, interval: string, to: string])[] = [
  ["2026-01-31T10:00:00Z", "P1M", "2026-02-28T10:00:00Z"],
  ["2024-01-31T10:00:00Z", "P1M", "2024-02-29T10:00:00Z"],
  ["2026-02-28T10:00:00Z", "P1M", "2026-03-28T10:00:00Z"],
  ["2026-03-31T00:00:00Z", "P1M", "2026-04-30T00:00:00Z"],
  ["2026-08-31T00:00:00Z", "P6M", "2027-02-28T00:00:00Z"],
  ["2026-12-31T23:59:59Z", "P1M", "2027-01-31T23:59:59Z"],
  ["2024-02-29T00:00:00Z", "P1Y", "2025-02-28T00:00:00Z"],
  ["2024-02-29T00:00:00Z", "P4Y", "2028-02-29T00:00:00Z"],
  ["2024-02-29T00:00:00Z", "P1Y1M", "2025-03-28T00:00:00Z"],
  ["2026-01-31T00:00:00Z", "P1W", "2026-02-07T00:00:00Z"],
  ["2026-02-27T00:00:00Z", "P7D", "2026-03-06T00:00:00Z"],
  ["2026-03-29T00:30:00Z", "PT24H", "2026-03-30T00:30:00Z"],
  ["2026-01-01T00:00:00Z", "PT30M15S", "2026-01-01T00:30:15Z"],
  ["2026-01-31T00:00:00Z", "P3M10D", "2026-05-10T00:00:00Z"],
];

for (const [from, interval, to] of TABLE) {
  Deno.test(`${from} plus ${interval} is ${to}`, () => assert.equal(add(from, interval), to));
}

Deno.test("text that is no duration of whole, positive units is no interval", () => {
  for (const text of ["", "P", "PT", "P1", "1M", "P1.5M", "P-1M", "P1D1M", "P1H", "p1m", "P1M "]) {
    assert.equal(parseInterval(text), null, text);
  }
});

Deno.test("a date past the year 9999 is refused", () => {
  assert.throws(() => add("2026-01-01T00:00:00Z", "P8000Y"), RangeError);
  assert.throws(() => add("2026-01-01T00:00:00Z", "P9999999999999Y"), RangeError);
});

const dates = fc.date({
  min: new Date("1990-01-01T00:00:00Z"),
  max: new Date("2100-01-01T00:00:00Z"),
  noInvalidDate: true,
});

Deno.test("months land in the month counted to, on the day or that month's last", () => {
  fc.assert(fc.property(dates, fc.integer({ min: 0, max: 120 }), (from, months) => {
    const to = addInterval(from, parseInterval(`P${months}M`) ?? assert.fail());
    const index = (date: Date) => date.getUTCFullYear() * 12 + date.getUTCMonth();
    assert.equal(index(to), index(from) + months);
    const lastDay = new Date(Date.UTC(to.getUTCFullYear(), to.getUTCMonth() + 1, 0)).getUTCDate();
    assert.equal(to.getUTCDate(), Math.min(from.getUTCDate(), lastDay));
    assert.equal(to.getTime() % 86_400_000, from.getTime() % 86_400_000);
  }));
});

Deno.test("a later date never ends earlier, and twelve months are a year", () => {
  fc.assert(fc.property(dates, dates, fc.integer({ min: 0, max: 60 }), (a, b, months) => {
    const plus = (date: Date, text: string) =>
      addInterval(date, parseInterval(text) ?? assert.fail()).getTime();
    const [early, late] = a <= b ? [a, b] : [b, a];
    assert.ok(plus(early, `P${months}M`) <= plus(late, `P${months}M`));
    assert.equal(plus(a, "P12M"), plus(a, "P1Y"));
  }));
});

Deno.test("weeks, days and hours are of fixed length", () => {
  const small = fc.integer({ min: 0, max: 500 });
  fc.assert(fc.property(dates, small, small, small, (from, weeks, days, hours) => {
    const to = addInterval(from, parseInterval(`P${weeks}W${days}DT${hours}H`) ?? assert.fail());
    assert.equal(to.getTime() - from.getTime(), ((weeks * 7 + days) * 24 + hours) * 3_600_000);
  }));
});
