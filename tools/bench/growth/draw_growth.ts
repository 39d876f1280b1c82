// A growth run as an SVG: one panel for each thing that grows. Pure.

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
  .line { fill: none; stroke-width: 2; } .p95 { stroke-dasharray: 3 4; stroke-width: 1.2; }
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
  const highest = niceAbove(
    Math.max(...rows.flatMap(({ ms }) => Object.values(ms).map(({ p95 }) => p95))),
  );
  const width = groups.length * (panel.left + panel.width + panel.gap);
  const height = panel.top + panel.height + below;
  const drawn = groups.map((of, n) =>
    `<g transform="translate(${
      n * (panel.left + panel.width + panel.gap) + panel.left
    } ${panel.top})">` +
    drawPanel(rows.filter((row) => row.of === of), { title: titles[of], highest }) + "</g>"
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

function drawPanel(
  rows: readonly GrowthRow[],
  { title, highest }: { title: string; highest: number },
): string {
  const { width, height } = panel;
  const x = (n: number) =>
    round(rows.length < 2 ? width / 2 : 20 + n * (width - 40) / (rows.length - 1));
  const y = (ms: number) => round(height - ms / highest * height);
  const ticks = [0, 0.25, 0.5, 0.75, 1].map((share) => share * highest);
  const line = (name: Measured, share: "p50" | "p95") => {
    const points = rows.flatMap((row, n) => {
      const ms = row.ms[name];
      return ms === undefined ? [] : [`${x(n)},${y(ms[share])}`];
    });
    return points.length === 0
      ? ""
      : `<polyline class="line ${name} ${share}" points="${points.join(" ")}"/>`;
  };
  return [
    ...ticks.map((ms) =>
      `<line class="grid" x2="${width}" y1="${y(ms)}" y2="${y(ms)}"/>` +
      `<text x="-8" y="${y(ms) + 4}" text-anchor="end">${Number(ms.toPrecision(3))}</text>`
    ),
    `<line class="axis" y2="${height}"/>`,
    `<line class="axis" x2="${width}" y1="${height}" y2="${height}"/>`,
    `<text transform="translate(-40 ${
      height / 2
    }) rotate(-90)" text-anchor="middle">ms a call</text>`,
    ...rows.map((row, n) =>
      `<text x="${x(n)}" y="${height + 18}" text-anchor="middle">${
        row.count.toLocaleString("en")
      }</text>`
    ),
    `<text class="title" x="${width / 2}" y="${height + 42}" text-anchor="middle">${title}</text>`,
    ...measured.flatMap((name) => [line(name, "p50"), line(name, "p95")]),
  ].join("");
}

function legend(): string {
  const entries = measured.map((name, n) => {
    const left = panel.left + n * 110;
    return `<line class="line ${name}" x1="${left}" x2="${left + 20}" y1="20" y2="20"/>` +
      `<text x="${left + 26}" y="24">${name}</text>`;
  });
  const left = panel.left + measured.length * 110;
  return entries.join("") + `<text x="${left}" y="24">solid: p50, dashed: p95</text>`;
}

/** 1, 2 or 5 times a power of ten, not below. */
function niceAbove(value: number): number {
  if (!(value > 0)) return 1;
  const power = 10 ** Math.floor(Math.log10(value));
  return ([1, 2, 5, 10].find((step) => step * power >= value) ?? 10) * power;
}

function round(value: number): number {
  return Math.round(value * 10) / 10;
}
