// What a growth run measured. Pure.

import { z } from "zod";
import { percentile } from "../percentile.ts";
import { type Latencies, measured } from "./stopwatch.ts";

const ms = z.object({ p50: z.number(), p95: z.number() });

const row = z.object({
  /** What grows: settled events, purchases in flight, months a purchase has been renewed. */
  of: z.enum(["settled events", "in flight", "months renewed"]),
  count: z.number(),
  /** Milliseconds of a call; `reckon`: merge, decide and steps. */
  ms: z.partialRecord(z.enum(measured), ms),
  /** What is known of the purchase, as JSON. */
  stateBytes: z.number().optional(),
});

/** As written with --out. */
export const growthSchema = z.object({ rows: z.array(row) });
export type Growth = z.infer<typeof growthSchema>;
export type GrowthRow = Growth["rows"][number];

/** Percentiles of what was measured at all. */
export function sharesOfEach(took: Latencies): GrowthRow["ms"] {
  return Object.fromEntries(
    measured.filter((name) => took[name].length > 0).map((name) => [name, {
      p50: percentile(took[name], 0.5),
      p95: percentile(took[name], 0.95),
    }]),
  );
}
