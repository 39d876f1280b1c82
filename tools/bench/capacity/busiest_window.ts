// How much happened at most in any stretch of time. Pure.

/** The most of these moments, in milliseconds, that lie in one window of that length. */
export function busiestWindow(moments: readonly number[], windowMs: number): number {
  const sorted = [...moments].sort((a, b) => a - b);
  let most = 0;
  let first = 0;
  for (const [last, moment] of sorted.entries()) {
    while (moment - (sorted[first] ?? moment) >= windowMs) first++;
    most = Math.max(most, last - first + 1);
  }
  return most;
}
