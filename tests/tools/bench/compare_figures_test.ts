import assert from "node:assert/strict";
import { regressions } from "../../../tools/bench/compare_figures.ts";
import { figuresWith } from "./builders.ts";

Deno.test("the same figures are not worse", () => {
  assert.deepEqual(regressions(figuresWith(), figuresWith()), []);
});

Deno.test("one call more is named, whatever the rest", () => {
  assert.deepEqual(regressions(figuresWith(), figuresWith({ cryptlexCalls: 2 })), [
    "renewal, Cryptlex calls: 2, was 1",
  ]);
});

Deno.test("a ratio is worse beyond what two runs of the same code differ by", () => {
  const at = (p50: number) => figuresWith({ ackOverBare: { p50, p99: 1.2 } });
  assert.deepEqual(regressions(at(1), at(1.2)), []);
  assert.deepEqual(regressions(at(1), at(1.3)), [
    "renewal, acknowledgement over bare, p50: 1.30, was 1",
  ]);
});

Deno.test("milliseconds are another machine's: only ratios and counts are compared", () => {
  const slow = figuresWith({ ackMs: { p50: 300, p95: 400, p99: 500 }, cpuMs: 250 });
  assert.deepEqual(regressions(figuresWith(), slow), []);
});

Deno.test("what became better is not named", () => {
  assert.deepEqual(regressions(figuresWith(), figuresWith({ cryptlexCalls: 0 })), []);
});
