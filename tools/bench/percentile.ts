// Figures of many measurements. Pure.

/** The least of the values that this share of them, 0 to 1, does not exceed; of none it is NaN. */
export function percentile(values: readonly number[], share: number): number {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.max(Math.ceil(share * sorted.length) - 1, 0)] ?? NaN;
}

/** Percentiles. */
export type Shares = { readonly p50: number; readonly p95: number; readonly p99: number };

/** Half, nearly all, and all but one in a hundred. */
export function sharesOf(values: readonly number[]): Shares {
  return {
    p50: percentile(values, 0.5),
    p95: percentile(values, 0.95),
    p99: percentile(values, 0.99),
  };
}
