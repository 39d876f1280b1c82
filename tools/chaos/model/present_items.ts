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
  const trial = latest(of.map(({ snapshot }) => snapshot?.trialEnd ?? null));
  const snapshot = newestSnapshot(of);
  const items = snapshot === null
    ? newestLines(lines).map((line) => ({ ...line, until: ownEnd(line, lines) }))
    : snapshot.items.filter(({ quantity }) => quantity !== 0).map((item) => ({
      ...item,
      // What has no paid line of its own counts while the rest is paid, and its own period runs.
      until: ownEnd(item, lines) ??
        earlier(item.periodEnd, latest(lines.map(({ until }) => until))),
    }));
  return items.map((item) => ({ ...item, until: latest([item.until, trial]) }));
}

export function paidLines(of: readonly Told[]): ToldLine[] {
  return of.flatMap(({ invoice }) => invoice?.lines ?? []);
}

function ownEnd({ itemId }: ToldItem, lines: readonly ToldLine[]): number | null {
  return latest(lines.filter((line) => line.itemId === itemId).map(({ until }) => until));
}

/** Of each item the line billed last; of one invoice's the one that reaches furthest, or is last. */
function newestLines(lines: readonly ToldLine[]): ToldLine[] {
  const newest = new Map<string, ToldLine>();
  for (const line of lines) {
    const known = newest.get(line.itemId);
    const isNewer = known === undefined || line.billedAt > known.billedAt ||
      (line.billedAt === known.billedAt && (line.until ?? 0) >= (known.until ?? 0));
    if (isNewer) newest.set(line.itemId, line);
  }
  return [...newest.values()];
}

function latest(moments: readonly (number | null)[]): number | null {
  const known = moments.filter((moment) => moment !== null);
  return known.length === 0 ? null : Math.max(...known);
}

function earlier(a: number, b: number | null): number | null {
  return b === null ? null : Math.min(a, b);
}
