// The figures of a bench of the function, as JSON holds them. Pure.

import { z } from "zod";
import { kinds } from "./kinds.ts";

/** Milliseconds. */
const shares = z.object({ p50: z.number(), p95: z.number(), p99: z.number() });

const kindFigures = z.object({
  ackMs: shares,
  /** The acknowledgement's p50 and p99 over those of the bare function. */
  ackOverBare: z.object({ p50: z.number(), p99: z.number() }),
  licensedMs: shares.nullable(),
  /** The p50 over what cannot be less: its calls, and two round trips to the database. */
  licensedOverFloor: z.number().nullable(),
  cryptlexCalls: z.number(),
  roundTrips: z.number(),
  cpuMs: z.number(),
});

export type KindFigures = z.infer<typeof kindFigures>;

export const figuresSchema = z.object({
  measuredAt: z.string(),
  machine: z.string(),
  cryptlexLatencyMs: z.number(),
  /** One insert, from the client and back, p50. */
  roundTripMs: z.number(),
  kinds: z.record(z.enum(kinds), kindFigures),
  burst: z.object({
    events: z.number(),
    atOnce: z.number(),
    ackPerSecond: z.number(),
    donePerSecond: z.number(),
    bareAckPerSecond: z.number(),
    /** The bare function's rate over ours. */
    bareRateOverOurs: z.number(),
    ackMs: shares,
    bareAckMs: shares,
    cpuMs: z.number(),
    peakMegabytes: z.number(),
    barePeakMegabytes: z.number(),
  }),
  start: z.object({
    /** From the start of a process to its first acknowledgement, p50. */
    coldMs: z.number(),
    bareColdMs: z.number(),
    coldOverBare: z.number(),
    /** Importing the entry point, and each of its packages alone, p50. */
    importMs: z.number(),
    packagesImportMs: z.record(z.string(), z.number()),
    importOverPackages: z.number(),
  }),
  size: z.object({
    modules: z.number(),
    moduleBytes: z.number(),
    packages: z.number(),
    packageBytes: z.number(),
  }),
});

export type Figures = z.infer<typeof figuresSchema>;
