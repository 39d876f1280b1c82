// Periods of a subscription's items that no line shows as paid, and that are owed all the same: what
// is billed by use is billed when it is over, and an invoice that was cut short paid for lines that
// are not shown. A snapshot says when the period ends, money says that it counts. Pure.

import type { Purchase } from "./purchase.ts";

/**
 * When periods end, by item, `si_…`, then by when they begin; Unix seconds. A date set for the end cuts
 * one short: the latest end that was shown.
 */
export type SeenPeriods = Readonly<Record<string, Readonly<Record<string, number>>>>;

/** A period that counts. Unix seconds. */
export type OwedPeriod = { readonly itemId: string; readonly start: number; readonly end: number };

type Known = Pick<Purchase, "periods" | "usedFrom" | "usedThrough" | "cutInvoices" | "sessions">;

/**
 * The periods seen that are owed: those that had begun when use was last billed, those that a paid
 * invoice cut short began with, and the first of what is billed by use, once its session is paid or
 * free. More knowledge never makes them fewer.
 */
export function owedPeriods(purchase: Known): OwedPeriod[] {
  return entriesOf(purchase.periods).filter((period) => isOwed(period, purchase));
}

function isOwed({ itemId, start }: OwedPeriod, known: Known): boolean {
  const { usedFrom, usedThrough, cutInvoices, sessions } = known;
  return start <= (usedThrough[itemId] ?? -Infinity) ||
    Object.values(cutInvoices).some(({ billedThrough }) => billedThrough === start) ||
    (start <= (usedFrom[itemId] ?? -Infinity) &&
      Object.values(sessions).some(({ payment }) => payment === "paid"));
}

/**
 * The periods that can still say something: one says nothing that ends no later than what was paid, or
 * before what is owed. So they stay few, however long the subscription lives; and as both only grow,
 * what is dropped early would be dropped late.
 */
export function withoutPassed(purchase: Known & Pick<Purchase, "items">): SeenPeriods {
  const owed = owedPeriods(purchase);
  const left = entriesOf(purchase.periods).filter(({ itemId, end }) =>
    end > (purchase.items[itemId]?.paidThrough ?? -Infinity) &&
    owed.every((other) => other.itemId !== itemId || other.end <= end)
  );
  const kept = new Map<string, Record<string, number>>();
  for (const { itemId, start, end } of left) {
    kept.set(itemId, { ...kept.get(itemId), [start]: end });
  }
  return Object.fromEntries(kept);
}

function entriesOf(periods: SeenPeriods): OwedPeriod[] {
  return Object.entries(periods).flatMap(([itemId, seen]) =>
    Object.entries(seen).map(([start, end]) => ({ itemId, start: Number(start), end }))
  );
}
