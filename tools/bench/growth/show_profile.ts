// A profile of the database's functions as a table for people. Pure.

import { alignColumns } from "../../table.ts";
import type { FunctionTime } from "./profile_doors.ts";

/** Lines to print, milliseconds a sale. */
export function showProfile(times: readonly FunctionTime[]): string[] {
  return alignColumns([
    ["function", "calls a sale", "ms in all", "ms by itself"],
    ...times.map(({ name, callsEach, totalMs, selfMs }) => [
      name,
      callsEach.toFixed(1),
      totalMs.toFixed(3),
      selfMs.toFixed(3),
    ]),
  ]);
}
