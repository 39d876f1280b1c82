import assert from "node:assert/strict";
import { drawGrowth } from "../../../../tools/bench/growth/draw_growth.ts";
import type { Growth } from "../../../../tools/bench/growth/figures.ts";

const ms = { p50: 1, p95: 2 };
const growth: Growth = {
  rows: [
    { of: "settled events", count: 0, ms: { record: ms, claim_due: ms, settle: ms } },
    { of: "settled events", count: 1_000_000, ms: { record: ms, claim_due: ms, settle: ms } },
    { of: "months renewed", count: 120, ms: { record: { p50: 1, p95: 4 }, reckon: ms } },
  ],
};

Deno.test("a drawing names its axes and all that was measured, in colours for light and dark", () => {
  const svg = drawGrowth(growth);
  for (const text of ["ms a call", "Settled events in the ledger", "1,000,000", "claim_due"]) {
    assert.ok(svg.includes(`>${text}<`), text);
  }
  assert.ok(!svg.includes("Other purchases in flight"), "nothing of it was measured");
  assert.match(svg, /prefers-color-scheme: dark/);
  assert.ok(svg.length < 30_000);
  assert.doesNotMatch(svg, /NaN|undefined|Infinity/);
});

Deno.test("what takes twice as long is drawn twice as high, in all panels alike", () => {
  const heights = [
    ...drawGrowth(growth).matchAll(/class="line record (p50|p95)" points="([^"]+)"/g),
  ]
    .map((
      [, share, points],
    ) => [share, points?.split(" ").map((point) => Number(point.split(",")[1]))]);
  const [low, high, higher] = [220 - 220 / 5, 220 - 2 * 220 / 5, 220 - 4 * 220 / 5];
  assert.deepEqual(heights, [
    ["p50", [low, low]],
    ["p95", [high, high]],
    ["p50", [low]],
    ["p95", [higher]],
  ]);
});
