// Rows as a table no wider than the screen: what does not fit ends in an ellipsis. Pure.

import Table from "cli-table3";
import { plain } from "./text.ts";

/** Between columns, and before the first. */
const gap = "  ";

/** Narrower no column gets. */
const narrowest = 6;

const noBorders = Object.fromEntries(
  ["top", "bottom", "mid", "left", "right"].flatMap((side) =>
    ["", "-mid", "-left", "-right"].map((corner) => [side + corner, ""])
  ),
);

/** One line a row, indented, at most `width` wide; the widest columns give way first. */
export function fitTable(rows: readonly (readonly string[])[], width: number): string[] {
  if (rows.length === 0) return [];
  const cells = rows.map((row) => row.map(plain));
  const table = new Table({
    chars: { ...noBorders, left: gap, middle: gap },
    style: { "padding-left": 0, "padding-right": 0, head: [], border: [], compact: true },
    colWidths: fittingWidths(naturalWidths(cells), width),
  });
  table.push(...cells);
  return table.toString().split("\n").map((line) => line.trimEnd());
}

function naturalWidths(rows: readonly (readonly string[])[]): number[] {
  const columns = Math.max(...rows.map((row) => row.length));
  return Array.from(
    { length: columns },
    (_, column) => Math.max(1, ...rows.map((row) => row[column]?.length ?? 0)),
  );
}

function fittingWidths(natural: readonly number[], width: number): number[] {
  const widths = [...natural];
  let excess = widths.reduce((sum, one) => sum + gap.length + one, 0) - width;
  for (; excess > 0; excess--) {
    const widest = Math.max(...widths);
    if (widest <= narrowest) break;
    widths[widths.indexOf(widest)] = widest - 1;
  }
  return widths;
}
