import assert from "node:assert/strict";
import { percentile } from "../../../tools/bench/percentile.ts";

Deno.test("of a hundred values the fiftieth and the ninety-fifth are found, in any order", () => {
  const values = Array.from({ length: 100 }, (_, n) => 100 - n);
  assert.equal(percentile(values, 0.5), 50);
  assert.equal(percentile(values, 0.95), 95);
  assert.equal(percentile(values, 1), 100);
});

Deno.test("of one value it is that one, of none no number", () => {
  assert.equal(percentile([7], 0.5), 7);
  assert.ok(Number.isNaN(percentile([], 0.5)));
});
