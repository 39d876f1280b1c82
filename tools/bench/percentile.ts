// Figures of many measurements. Pure.

/** The least of the values that this share of them, 0 to 1, does not exceed; of none it is NaN. */
export function percentile(values: readonly number[], share: number): number {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.max(Math.ceil(share * sorted.length) - 1, 0)] ?? NaN;
}
