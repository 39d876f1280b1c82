// Chance that repeats. Knows nothing of what is drawn.

export type SeededRandom = {
  /** In [0, 1). */
  next(): number;
  /** True with this probability, 0..1. */
  chance(probability: number): boolean;
  /** A number from `least` up to, not including, `most`. */
  between(least: number, most: number): number;
  /** A whole number from 0 up to, not including, `count`. */
  below(count: number): number;
  /** @throws {RangeError} there is nothing to pick from. */
  pick<T>(from: readonly T[]): T;
};

/**
 * The same numbers for the same seed and purpose; purposes do not disturb each other, whatever
 * order they draw in. Mulberry32 over a hash of both: plenty for choosing, nothing for secrets.
 */
export function createSeededRandom(seed: number, purpose: string): SeededRandom {
  let state = hash(`${seed} ${purpose}`);
  function next(): number {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  }
  const below = (count: number) => Math.floor(next() * count);
  return {
    next,
    below,
    chance: (probability) => next() < probability,
    between: (least, most) => least + next() * (most - least),
    pick(from) {
      if (from.length === 0) throw new RangeError("Cannot pick from nothing");
      return from[below(from.length)] as (typeof from)[number];
    },
  };
}

/** FNV-1a, 32 bits. */
function hash(text: string): number {
  let value = 0x811c9dc5;
  for (const byte of new TextEncoder().encode(text)) {
    value = Math.imul(value ^ byte, 0x01000193);
  }
  return value | 0;
}
