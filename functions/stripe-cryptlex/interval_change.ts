// A change of interval that is about to be made, and the date it may have moved. Pure.

/** Written down before the call: else, after a death or a lost answer, nobody could tell. */
export type IntervalChange = {
  /** ISO 8601. */
  readonly interval: string;
  /** The date to be kept; null: it is the template's, still to be aligned, or there is none. */
  readonly expiresAt: Date | null;
};

/** What is there. */
type Shown = { readonly subscriptionInterval: string | null; readonly expiresAt: Date | null };

/** The date to be put back, as the change was made and moved it; null: there is none. */
export function dateToPutBack(
  { intervalChange: change, ...shown }: Shown & { readonly intervalChange: IntervalChange | null },
): Date | null {
  if (change === null || change.expiresAt === null || !isMade(change, shown)) return null;
  return isSameDate(change.expiresAt, shown.expiresAt) ? null : change.expiresAt;
}

/** What is left of a change once the license was seen: nothing when it is made and moved no date. */
export function resolveIntervalChange(
  change: IntervalChange | null,
  shown: Shown,
): IntervalChange | null {
  if (change === null || !isMade(change, shown)) return change;
  return dateToPutBack({ ...shown, intervalChange: change }) === null ? null : change;
}

/** Whether both say the same. */
export function isSameChange(a: IntervalChange | null, b: IntervalChange): boolean {
  return a !== null && a.interval === b.interval && isSameDate(a.expiresAt, b.expiresAt);
}

function isMade({ interval }: IntervalChange, { subscriptionInterval }: Shown): boolean {
  return subscriptionInterval === interval;
}

function isSameDate(a: Date | null, b: Date | null): boolean {
  return a?.getTime() === b?.getTime();
}
