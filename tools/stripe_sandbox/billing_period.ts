// Stripe's calendar of billing dates, in UTC. Pure; knows no subscriptions.
// Rule: a date keeps the anchor's day of the month, or takes the last day of a month too short for
// it and returns to the anchor's day afterwards
// (docs.stripe.com/billing/subscriptions/billing-cycle).

export type BillingInterval = "day" | "week" | "month" | "year";

/** Half-open: `end` is the start of the next period. */
export type BillingPeriod = { start: Date; end: Date };

/** What fixes all billing dates. */
export type BillingCycle = {
  /**
   * When it begins; up to the anchor runs a first period of any length: a trial, a part of an
   * interval.
   */
  startsAt: Date;
  /** The first billing date; equal to `startsAt` when the first interval is a whole one. */
  anchor: Date;
  interval: BillingInterval;
  intervalCount: number;
  /** The day of the month meant, when the anchor's own month is too short for it. */
  dayOfMonth?: number;
};

const DAYS = { day: 1, week: 7 };
const MONTHS = { month: 1, year: 12 };

/**
 * The billing date `index` intervals from the anchor; 0 is the anchor, negative ones lie before it.
 */
export function billingDate(cycle: BillingCycle, index: number): Date {
  const steps = index * cycle.intervalCount;
  const date = new Date(cycle.anchor);
  if (cycle.interval === "day" || cycle.interval === "week") {
    date.setUTCDate(date.getUTCDate() + steps * DAYS[cycle.interval]);
    return date;
  }
  const day = cycle.dayOfMonth ?? cycle.anchor.getUTCDate();
  date.setUTCDate(1);
  date.setUTCMonth(date.getUTCMonth() + steps * MONTHS[cycle.interval]);
  date.setUTCDate(Math.min(day, daysInMonth(date)));
  return date;
}

/** The first billing date after `at`. */
export function nextBillingDate(cycle: BillingCycle, at: Date): Date {
  return billingDate(cycle, nextIndex(cycle, at));
}

/** The period `at` falls into; on a billing date the one that begins there. */
export function billingPeriodAt(cycle: BillingCycle, at: Date): BillingPeriod {
  const next = nextIndex(cycle, at);
  const start = next === 0 ? cycle.startsAt : billingDate(cycle, next - 1);
  return { start, end: billingDate(cycle, next) };
}

/** The period as a date of cancellation inside it ends it early; any other date leaves it. */
export function cutShort(period: BillingPeriod, cancelAt: Date | null): BillingPeriod {
  const isInside = cancelAt !== null && cancelAt > period.start && cancelAt < period.end;
  return isInside ? { ...period, end: cancelAt } : period;
}

/** How much of a whole interval is left at `at`, 0 to 1, by the second, as Stripe prorates. */
export function shareLeft(cycle: BillingCycle, at: Date): number {
  const next = nextIndex(cycle, at);
  const end = billingDate(cycle, next).getTime();
  return (end - at.getTime()) / (end - billingDate(cycle, next - 1).getTime());
}

/**
 * The first instant after `after` on that day of the month (the last day of a shorter one), at the
 * same time of day.
 */
export function nextDayOfMonth(after: Date, dayOfMonth: number): Date {
  const anchor = new Date(after);
  anchor.setUTCDate(1);
  anchor.setUTCDate(Math.min(dayOfMonth, daysInMonth(anchor)));
  const monthly: BillingCycle = {
    startsAt: after,
    anchor,
    interval: "month",
    intervalCount: 1,
    dayOfMonth,
  };
  return billingPeriodAt(monthly, after).end;
}

function nextIndex(cycle: BillingCycle, at: Date): number {
  let index = 0;
  while (billingDate(cycle, index) <= at) index++;
  return index;
}

function daysInMonth(date: Date): number {
  return new Date(Date.UTC(date.getUTCFullYear(), date.getUTCMonth() + 1, 0)).getUTCDate();
}
