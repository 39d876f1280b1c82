// What a purchase consists of in the end, and through when each part of it is paid. Pure.

import type { Told, ToldItem, ToldLine, ToldSnapshot } from "./told.ts";

/** A part of it; `until` in Unix seconds, null: no paid time is known. */
export type PresentItem = ToldItem & { readonly until: number | null };

/** What counts of two snapshots of one second: the later here. */
const statuses = [
  ...["paused", "unpaid", "past_due", "incomplete", "trialing", "active"],
  ...["incomplete_expired", "canceled"],
];

/** The subscription as it was last shown; null: it never was. */
export function newestSnapshot(of: readonly Told[]): ToldSnapshot | null {
  const shown = of.map(({ snapshot }) => snapshot).filter((one) => one !== undefined);
  const [newest] = shown.sort((a, b) =>
    b.at - a.at || statuses.indexOf(b.status) - statuses.indexOf(a.status) ||
    (a.eventId < b.eventId ? 1 : -1)
  );
  return newest ?? null;
}

/** The items of the newest snapshot; where none was shown, whatever was paid for. */
export function presentItems(of: readonly Told[]): PresentItem[] {
  const lines = paidLines(of);
  const ends = [...lines, ...owedPeriods(of)];
  const trial = latest(of.map(({ snapshot }) => snapshot?.trialEnd ?? null));
  const snapshot = newestSnapshot(of);
  const items = snapshot === null
    ? newestLines(lines).map((line) => ({ ...line, until: ownEnd(line, ends) }))
    : snapshot.items.filter(({ quantity }) => quantity !== 0).map((item) => ({
      ...item,
      // What has no paid line of its own counts while the rest is paid, and its own period runs.
      until: ownEnd(item, ends) ??
        earlier(item.periodEnd, latest(ends.map(({ until }) => until))),
    }));
  return items.map((item) => ({ ...item, until: latest([item.until, trial]) }));
}

export function paidLines(of: readonly Told[]): ToldLine[] {
  return of.flatMap(({ invoice }) => invoice?.lines ?? []);
}

/** Until when an item may be used. */
type ItemEnd = Pick<ToldLine, "itemId" | "until">;

/**
 * What no line shows: a period that runs while what was used before it is paid, one that an invoice of
 * many lines began, and the first of what is used, once the sale is made.
 */
export function owedPeriods(of: readonly Told[]): ItemEnd[] {
  const lines = paidLines(of);
  const isSold = of.some(({ session }) => session?.isPaid);
  return of.flatMap(({ snapshot }) => snapshot?.items ?? [])
    .filter(({ itemId, periodStart, opensUse }) =>
      (opensUse && isSold) || of.some(({ invoice }) => invoice?.cutAt === periodStart) ||
      lines.some((line) => line.itemId === itemId && (line.usedUntil ?? -1) >= periodStart)
    )
    .map(({ itemId, periodEnd }) => ({ itemId, until: periodEnd }));
}

function ownEnd({ itemId }: ToldItem, ends: readonly ItemEnd[]): number | null {
  return latest(ends.filter((end) => end.itemId === itemId).map(({ until }) => until));
}

/**
 * Of each item the line billed last; of one invoice's the one that reaches furthest, of those the one
 * that begins last, or is listed last.
 */
function newestLines(lines: readonly ToldLine[]): ToldLine[] {
  const newest = new Map<string, ToldLine>();
  for (const line of lines) {
    const known = newest.get(line.itemId);
    const isNewer = known === undefined || line.billedAt > known.billedAt ||
      (line.billedAt === known.billedAt && reach(line, known) >= 0);
    if (isNewer) newest.set(line.itemId, line);
  }
  return [...newest.values()];
}

function reach(a: ToldLine, b: ToldLine): number {
  return (a.until ?? 0) - (b.until ?? 0) || (a.from ?? 0) - (b.from ?? 0);
}

function latest(moments: readonly (number | null)[]): number | null {
  const known = moments.filter((moment) => moment !== null);
  return known.length === 0 ? null : Math.max(...known);
}

function earlier(a: number, b: number | null): number | null {
  return b === null ? null : Math.min(a, b);
}
