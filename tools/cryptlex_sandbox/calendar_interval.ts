// Calendar arithmetic with ISO-8601 durations, in UTC, as NodaTime's Period does it (the Web API's
// document leaks that type). Knows nothing of licences.

/** A duration in calendar units, none negative. */
export type CalendarInterval = {
  readonly years: number;
  readonly months: number;
  readonly weeks: number;
  readonly days: number;
  readonly hours: number;
  readonly minutes: number;
  readonly seconds: number;
};

const DURATION =
  /^P(?=.)(?:(\d+)Y)?(?:(\d+)M)?(?:(\d+)W)?(?:(\d+)D)?(?:T(?=.)(?:(\d+)H)?(?:(\d+)M)?(?:(\d+)S)?)?$/;
const HOUR = 3_600_000;
const LATEST = Date.UTC(9999, 11, 31, 23, 59, 59, 999);

/** The interval `text` spells (`P1Y`, `P3M10D`, `PT24H`), or `null` when it spells none. */
export function parseInterval(text: string): CalendarInterval | null {
  const match = DURATION.exec(text);
  if (match === null) return null;
  const unit = (index: number) => Number(match[index] ?? 0);
  return {
    years: unit(1),
    months: unit(2),
    weeks: unit(3),
    days: unit(4),
    hours: unit(5),
    minutes: unit(6),
    seconds: unit(7),
  };
}

/**
 * `from` plus `interval`: years, then months, each clamped to the end of a shorter month, then the
 * units of fixed length. So the order matters: 29 February plus P1Y1M is 28 March.
 *
 * @throws {RangeError} past the year 9999, where .NET's dates end.
 */
export function addInterval(from: Date, interval: CalendarInterval): Date {
  const date = plusMonths(plusMonths(from, interval.years * 12), interval.months);
  const days = interval.weeks * 7 + interval.days;
  const time = date.getTime() + (days * 24 + interval.hours) * HOUR +
    interval.minutes * 60_000 + interval.seconds * 1000;
  if (!(time <= LATEST)) throw new RangeError("Cannot add an interval past the year 9999");
  return new Date(time);
}

function plusMonths(date: Date, months: number): Date {
  const year = date.getUTCFullYear();
  const month = date.getUTCMonth() + months;
  const daysInMonth = new Date(Date.UTC(year, month + 1, 0)).getUTCDate();
  const moved = new Date(date);
  moved.setUTCFullYear(year, month, Math.min(date.getUTCDate(), daysInMonth));
  return moved;
}
