// What has become worse since the figures kept in the tree. Pure: only what does not depend on the
// machine is compared, that is, counts and ratios within one run.

import type { Figures } from "./figures.ts";

/** A ratio may be so much worse before it counts: two runs of the same code differ that much. */
const tolerance = 1.25;

/** One line for each figure that is worse than before; the reverse of an improvement. */
export function regressions(before: Figures, now: Figures): string[] {
  const earlier = new Map(comparable(before));
  return comparable(now).flatMap(([name, figure]) => {
    const old = earlier.get(name);
    if (old === undefined || figure.value <= old.value * (figure.isExact ? 1 : tolerance)) {
      return [];
    }
    return [`${name}: ${show(figure.value)}, was ${show(old.value)}`];
  });
}

type Comparable = { readonly value: number; readonly isExact: boolean };

function comparable({ kinds, burst, start, size }: Figures): [string, Comparable][] {
  const exact = (value: number) => ({ value, isExact: true });
  const ratio = (value: number) => ({ value, isExact: false });
  return [
    ...Object.entries(kinds).flatMap(([kind, figures]): [string, Comparable][] => [
      [`${kind}, Cryptlex calls`, exact(figures.cryptlexCalls)],
      [`${kind}, database round trips`, exact(figures.roundTrips)],
      [`${kind}, acknowledgement over bare, p50`, ratio(figures.ackOverBare.p50)],
      ...(figures.licensedOverFloor === null ? [] : [
        [`${kind}, payment to license over its floor`, ratio(figures.licensedOverFloor)] as [
          string,
          Comparable,
        ],
      ]),
    ]),
    ["burst, bare rate over ours", ratio(burst.bareRateOverOurs)],
    ["burst, memory over bare", ratio(burst.peakMegabytes / burst.barePeakMegabytes)],
    ["cold start over bare", ratio(start.coldOverBare)],
    ["import over its packages", ratio(start.importOverPackages)],
    ["packages", exact(size.packages)],
    ["bytes of our modules", ratio(size.moduleBytes)],
    ["bytes of packages", ratio(size.packageBytes)],
  ];
}

function show(value: number): string {
  return Number.isInteger(value) ? String(value) : value.toFixed(2);
}
