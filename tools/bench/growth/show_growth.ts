// A growth run as a table for people. Pure.

import { alignColumns } from "../../table.ts";
import type { Growth } from "./figures.ts";
import { measured } from "./stopwatch.ts";

/** Lines to print, milliseconds. */
export function showGrowth({ rows }: Growth): string[] {
  const head = ["what grows", "to", "ms", ...measured, "state bytes"];
  return alignColumns([
    head,
    ...rows.flatMap((row) =>
      (["p50", "p95"] as const).map((share) => [
        row.of,
        String(row.count),
        share,
        ...measured.map((name) => row.ms[name]?.[share].toFixed(2) ?? "-"),
        share === "p50" && row.stateBytes !== undefined ? String(row.stateBytes) : "",
      ])
    ),
  ]);
}
