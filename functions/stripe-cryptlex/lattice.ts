// How two pieces of knowledge become one: joins that are commutative, associative and idempotent, so
// that neither order nor repetition matters. Pure; knows no purchases.

import { canonicalJson } from "./canonical_json.ts";

/** A value that may be stale: the one Stripe dated last counts. */
export type Latest<T> = {
  readonly value: T;
  /** Unix seconds, from Stripe. */
  readonly at: number;
  /** The event that said it; breaks a tie the same way everywhere. */
  readonly by: string;
};

/** The one dated last; of one second the one `rank` puts higher, if given, then the greater `by`. */
export function latest<T>(
  a: Latest<T>,
  b: Latest<T>,
  rank: (value: T) => number = () => 0,
): Latest<T> {
  if (a.at !== b.at) return a.at > b.at ? a : b;
  const difference = rank(a.value) - rank(b.value);
  if (difference !== 0) return difference > 0 ? a : b;
  if (a.by !== b.by) return a.by > b.by ? a : b;
  // One event said both, in two lines: any fixed order will do, as long as it is one.
  return greater(a.value, b.value) === a.value ? a : b;
}

/** Of two values always the same one, whichever comes first. */
export function greater<T>(a: T, b: T): T {
  return canonicalJson(a) >= canonicalJson(b) ? a : b;
}

/** The value whose rank is higher; of equals always the same one. */
export function higher<T>(a: T, b: T, rank: (value: T) => number): T {
  const difference = rank(a) - rank(b);
  return difference === 0 ? greater(a, b) : difference > 0 ? a : b;
}

/** Whatever is known; where both are, their join. */
export function perhaps<T>(a: T | null, b: T | null, join: (a: T, b: T) => T): T | null {
  if (a === null) return b;
  return b === null ? a : join(a, b);
}

/** Every entry of both; where both have one, their join. */
export function byKey<T>(
  a: Readonly<Record<string, T>>,
  b: Readonly<Record<string, T>>,
  join: (a: T, b: T) => T,
): Record<string, T> {
  // A map: keys are somebody's words, and an object has some of its own (`constructor`).
  const merged = new Map(Object.entries(a));
  for (const [key, value] of Object.entries(b)) {
    const known = merged.get(key);
    merged.set(key, known === undefined ? value : join(known, value));
  }
  return Object.fromEntries(merged);
}

/** `merged`, and of the fields it does not name the greater of both sides. */
export function withUnknown<T extends object>(a: T, b: T, merged: T): T {
  const unknown = (side: T) =>
    Object.fromEntries(Object.entries(side).filter(([key]) => !(key in merged)));
  return { ...byKey(unknown(a), unknown(b), greater), ...merged };
}
