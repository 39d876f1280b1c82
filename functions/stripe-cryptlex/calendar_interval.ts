// ISO 8601 durations added to UTC dates the way Cryptlex does it: by the calendar, a day the month
// does not have becoming its last (its API's `Period` schema is NodaTime's). No IO.

const pattern =
  /^P(?=.)(?:(\d+)Y)?(?:(\d+)M)?(?:(\d+)W)?(?:(\d+)D)?(?:T(?=.)(?:(\d+)H)?(?:(\d+)M)?(?:(\d+)S)?)?$/;

/**
 * The date one interval later, in UTC.
 *
 * Returns null when `interval` is no duration that adds time (an empty one makes a license
 * perpetual).
 */
export function addInterval(date: Date, interval: string): Date | null {
  const match = pattern.exec(interval);
  if (match === null) return null;
  const [years, months, weeks, days, hours, minutes, seconds] = match.slice(1).map((part) =>
    Number(part ?? 0)
  ) as [number, number, number, number, number, number, number];

  const later = new Date(date);
  // The years first, then the months, as NodaTime does: a leap day is clamped in between.
  addMonths(later, years * 12);
  addMonths(later, months);
  later.setUTCDate(later.getUTCDate() + weeks * 7 + days);
  later.setTime(later.getTime() + ((hours * 60 + minutes) * 60 + seconds) * 1000);
  return later.getTime() > date.getTime() ? later : null;
}

function addMonths(date: Date, months: number): void {
  const day = date.getUTCDate();
  date.setUTCDate(1);
  date.setUTCMonth(date.getUTCMonth() + months);
  date.setUTCDate(Math.min(day, daysInMonth(date)));
}

function daysInMonth(date: Date): number {
  return new Date(Date.UTC(date.getUTCFullYear(), date.getUTCMonth() + 1, 0)).getUTCDate();
}
