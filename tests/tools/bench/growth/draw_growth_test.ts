import assert from "node:assert/strict";
import { drawGrowth } from "../../../../tools/bench/growth/draw_growth.ts";
import type { Growth } from "../../../../tools/bench/growth/figures.ts";

const ms = { p50: 1, p95: 2 };
const growth: Growth = {
  rows: [
    { of: "settled events", count: 0, ms: { record: ms, claim_due: ms, settle: ms } },
    {
      of: "settled events",
      count: 1_000_000,
      ms: { record: { p50: 3, p95: 9 }, claim_due: ms, settle: ms },
    },
    { of: "months renewed", count: 120, ms: { record: { p50: 1, p95: 4 }, reckon: ms } },
  ],
};

Deno.test("a drawing names its axes and all that was measured, in colours for light and dark", () => {
  const svg = drawGrowth(growth);
  for (
    const text of ["times as long, p50", "Settled events in the ledger", "1,000,000", "claim_due"]
  ) {
    assert.ok(svg.includes(`>${text}<`), text);
  }
  assert.ok(!svg.includes("Other purchases in flight"), "nothing of it was measured");
  assert.match(svg, /prefers-color-scheme: dark/);
  assert.ok(svg.length < 30_000);
  assert.doesNotMatch(svg, /NaN|undefined|Infinity/);
});

Deno.test("a line is as high as its calls take longer than at its first point", () => {
  const lines = [...drawGrowth(growth).matchAll(/class="line (\w+)" points="([^"]+)"/g)]
    .map(([, name, points]) => [name, points?.split(" ").map((one) => Number(one.split(",")[1]))]);
  const [once, thrice] = [220 - 220 / 3, 0].map((y) => Math.round(y * 10) / 10);
  assert.deepEqual(lines, [
    ["record", [once, thrice]],
    ["claim_due", [once, once]],
    ["settle", [once, once]],
    ["record", [once]],
    ["reckon", [once]],
  ]);
});
