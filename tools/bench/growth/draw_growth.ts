// A growth run as an SVG: one panel for each thing that grows, and how many times as long a call takes
// as at its first point. What the machine is, is nothing to these ratios. Pure.

import type { Growth, GrowthRow } from "./figures.ts";
import { type Measured, measured } from "./stopwatch.ts";

const panel = { width: 300, height: 220, left: 52, top: 56, gap: 24 };
const below = 62;

const titles: Record<GrowthRow["of"], string> = {
  "settled events": "Settled events in the ledger",
  "in flight": "Other purchases in flight",
  "months renewed": "Months the purchase was renewed",
};

/** Colours of both modes: an image follows what its reader prefers. */
const style = `
  text { font: 12px system-ui, sans-serif; fill: #24292f; }
  .title { font-weight: 600; }
  .axis { stroke: #8c959f; } .grid { stroke: #d0d7de; stroke-width: 0.5; }
  .line { fill: none; stroke-width: 2; }
  .record { stroke: #0550ae; } .claim_due { stroke: #bc4c00; }
  .settle { stroke: #1a7f37; } .reckon { stroke: #8250df; }
  @media (prefers-color-scheme: dark) {
    text { fill: #e6edf3; } .axis { stroke: #6e7681; } .grid { stroke: #30363d; }
    .record { stroke: #58a6ff; } .claim_due { stroke: #f0883e; }
    .settle { stroke: #3fb950; } .reckon { stroke: #bc8cff; }
  }`;

/** The SVG's text. */
export function drawGrowth({ rows }: Growth): string {
  const groups = [...new Set(rows.map(({ of }) => of))];
  const byGroup = groups.map((of) => ratiosOf(rows.filter((row) => row.of === of)));
  const highest = Math.max(
    2,
    Math.ceil(Math.max(...byGroup.flat().flatMap(({ times }) => [...times.values()]))),
  );
  const width = groups.length * (panel.left + panel.width + panel.gap);
  const height = panel.top + panel.height + below;
  const drawn = groups.map((of, n) =>
    `<g transform="translate(${
      n * (panel.left + panel.width + panel.gap) + panel.left
    } ${panel.top})">` +
    drawPanel(byGroup[n] ?? [], { title: titles[of], highest }) + "</g>"
  );
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}" role="img">
<title>What a call of the ledger takes, the more there is</title>
<style>${style}
</style>
${legend()}
${drawn.join("\n")}
</svg>
`;
}

type Point = { readonly count: number; readonly times: ReadonlyMap<Measured, number> };

/** Half of the calls take no longer: beside those at the first. */
function ratiosOf(rows: readonly GrowthRow[]): Point[] {
  return rows.map(({ count, ms }) => ({
    count,
    times: new Map(measured.flatMap((name) => {
      const [first, here] = [rows[0]?.ms[name]?.p50, ms[name]?.p50];
      return first && here !== undefined ? [[name, here / first]] : [];
    })),
  }));
}

function drawPanel(
  rows: readonly Point[],
  { title, highest }: { title: string; highest: number },
): string {
  const { width, height } = panel;
  const x = (n: number) =>
    round(rows.length < 2 ? width / 2 : 20 + n * (width - 40) / (rows.length - 1));
  const y = (times: number) => round(height - times / highest * height);
  const ticks = Array.from({ length: highest + 1 }, (_, n) => n);
  const line = (name: Measured) => {
    const points = rows.flatMap(({ times }, n) => {
      const here = times.get(name);
      return here === undefined ? [] : [`${x(n)},${y(here)}`];
    });
    return points.length === 0
      ? ""
      : `<polyline class="line ${name}" points="${points.join(" ")}"/>`;
  };
  return [
    ...ticks.map((times) =>
      `<line class="grid" x2="${width}" y1="${y(times)}" y2="${y(times)}"/>` +
      `<text x="-8" y="${y(times) + 4}" text-anchor="end">${times}&#215;</text>`
    ),
    `<line class="axis" y2="${height}"/>`,
    `<line class="axis" x2="${width}" y1="${height}" y2="${height}"/>`,
    `<text transform="translate(-40 ${
      height / 2
    }) rotate(-90)" text-anchor="middle">times as long, p50</text>`,
    ...rows.map((row, n) =>
      `<text x="${x(n)}" y="${height + 18}" text-anchor="middle">${
        row.count.toLocaleString("en")
      }</text>`
    ),
    `<text class="title" x="${width / 2}" y="${height + 42}" text-anchor="middle">${title}</text>`,
    ...measured.map(line),
  ].join("");
}

function legend(): string {
  const entries = measured.map((name, n) => {
    const left = panel.left + n * 110;
    return `<line class="line ${name}" x1="${left}" x2="${left + 20}" y1="20" y2="20"/>` +
      `<text x="${left + 26}" y="24">${name}</text>`;
  });
  return entries.join("");
}

function round(value: number): number {
  return Math.round(value * 10) / 10;
}
