// Stripe's clock: whole Unix seconds. Dates inside the sandbox, seconds in payloads.

export const HOUR = 3600;
export const DAY = 24 * HOUR;

/** Unix seconds of a date, rounded down. */
export function unixTime(date: Date): number {
  return Math.floor(date.getTime() / 1000);
}

/** The date without its milliseconds, which Stripe does not keep. */
export function wholeSecond(date: Date): Date {
  return new Date(unixTime(date) * 1000);
}

/** The date `seconds` later (earlier when negative). */
export function later(date: Date, seconds: number): Date {
  return new Date(date.getTime() + seconds * 1000);
}
