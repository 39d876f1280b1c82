// Figures as a bench measures them.

import type { Figures, KindFigures } from "../../../tools/bench/figures.ts";

const ackMs = { p50: 3, p95: 4, p99: 5 };

export function kindFigures(changes: Partial<KindFigures> = {}): KindFigures {
  return {
    ackMs,
    ackOverBare: { p50: 1.1, p99: 1.2 },
    licensedMs: { p50: 110, p95: 112, p99: 115 },
    licensedOverFloor: 1.05,
    cryptlexCalls: 1,
    roundTrips: 2,
    cpuMs: 2.5,
    ...changes,
  };
}

export function figuresWith(renewal: Partial<KindFigures> = {}): Figures {
  return {
    measuredAt: "2026-11-27T04:00:00.000Z",
    machine: "2 processors, Deno 2.9.6",
    cryptlexLatencyMs: 100,
    roundTripMs: 1.5,
    kinds: {
      "sale, new buyer": kindFigures({ cryptlexCalls: 2 }),
      "sale, known buyer": kindFigures(),
      "renewal": kindFigures(renewal),
      "duplicate": kindFigures({ licensedMs: null, licensedOverFloor: null, cryptlexCalls: 0 }),
      "ignored type": kindFigures({ licensedMs: null, licensedOverFloor: null, cryptlexCalls: 0 }),
    },
    burst: {
      events: 500,
      atOnce: 25,
      ackPerSecond: 300,
      donePerSecond: 250,
      bareAckPerSecond: 600,
      bareRateOverOurs: 2,
      ackMs,
      bareAckMs: ackMs,
      cpuMs: 2.5,
      peakMegabytes: 150,
      barePeakMegabytes: 100,
    },
    start: {
      coldMs: 300,
      bareColdMs: 280,
      coldOverBare: 1.07,
      importMs: 90,
      packagesImportMs: { stripe: 26, zod: 15 },
      importOverPackages: 1,
    },
    size: { modules: 100, moduleBytes: 270_000, packages: 12, packageBytes: 33_000_000 },
  };
}
