// The figures of a bench as tables, for people. Pure.

import { alignColumns } from "../table.ts";
import { kinds } from "./kinds.ts";
import type { Figures } from "./figures.ts";
import type { Shares } from "./percentile.ts";

const ms = (value: number) => value.toFixed(1);
const times = (value: number) => `${value.toFixed(2)}x`;
const three = ({ p50, p95, p99 }: Shares) => [p50, p95, p99].map(ms).join(" / ");
const megabytes = (bytes: number) => `${(bytes / 1e6).toFixed(1)} MB`;

/** Lines to print. */
export function showFigures(figures: Figures): string[] {
  const { burst, start, size } = figures;
  const events = alignColumns([
    [
      "one after the other, ms",
      "acknowledged p50/p95/p99",
      "over bare p50, p99",
      "licensed p50/p95/p99",
      "over floor",
      "calls",
      "round trips",
      "CPU",
    ],
    ...kinds.map((kind) => {
      const { ackMs, ackOverBare, licensedMs, licensedOverFloor, ...costs } = figures.kinds[kind];
      return [
        kind,
        three(ackMs),
        `${times(ackOverBare.p50)}, ${times(ackOverBare.p99)}`,
        licensedMs === null ? "" : three(licensedMs),
        licensedOverFloor === null ? "" : times(licensedOverFloor),
        String(costs.cryptlexCalls),
        String(costs.roundTrips),
        ms(costs.cpuMs),
      ];
    }),
  ]);
  const rest = alignColumns([
    [`${burst.events} sales, ${burst.atOnce} at a time`, "function", "bare", ""],
    [
      "acknowledged a second",
      ms(burst.ackPerSecond),
      ms(burst.bareAckPerSecond),
      times(burst.bareRateOverOurs),
    ],
    ["licensed a second", ms(burst.donePerSecond)],
    ["acknowledged, ms p50/p95/p99", three(burst.ackMs), three(burst.bareAckMs)],
    ["CPU an event, ms", ms(burst.cpuMs)],
    ["memory at most, MB", ms(burst.peakMegabytes), ms(burst.barePeakMegabytes)],
    ["start to first 200, ms", ms(start.coldMs), ms(start.bareColdMs), times(start.coldOverBare)],
    [
      "import, ms",
      ms(start.importMs),
      Object.entries(start.packagesImportMs).map(([name, took]) => `${name} ${ms(took)}`).join(
        ", ",
      ),
      times(start.importOverPackages),
    ],
  ]);
  return [
    `Cryptlex answers in ${figures.cryptlexLatencyMs} ms; one round trip to the database takes ` +
    `${ms(figures.roundTripMs)} ms. ${figures.machine}.`,
    "",
    ...events,
    "",
    ...rest,
    "",
    `As deployed: ${size.modules} modules of ours, ${megabytes(size.moduleBytes)}, and ` +
    `${size.packages} packages, ${megabytes(size.packageBytes)} unpacked.`,
  ];
}
