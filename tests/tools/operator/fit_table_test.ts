import assert from "node:assert/strict";
import fc from "fast-check";
import { fitTable } from "../../../tools/operator/fit_table.ts";

Deno.test("a table that fits has its columns as wide as their cells", () => {
  assert.deepEqual(fitTable([["a", "bbb", "c"], ["aaaa", "b", ""], ["a"]], 80), [
    "  a     bbb  c",
    "  aaaa  b",
    "  a",
  ]);
  assert.deepEqual(fitTable([], 80), []);
});

Deno.test("of what does not fit the widest column gives way, with an ellipsis", () => {
  assert.deepEqual(fitTable([["short", "a long cell that is cut"]], 22), [
    "  short  a long cell …",
  ]);
});

Deno.test("a row is a line no wider than the screen, whatever is in its cells", () => {
  const cell = fc.oneof(
    fc.string({ maxLength: 60 }),
    fc.string({ unit: fc.constantFrom(..."a [\x00\x07\n\x1b\x9b"), maxLength: 40 }),
  );
  const rows = fc.array(fc.array(cell, { minLength: 1, maxLength: 6 }), { minLength: 1 });
  fc.assert(fc.property(rows, fc.integer({ min: 50, max: 160 }), (rows, width) => {
    const lines = fitTable(rows, width);
    assert.equal(lines.length, rows.length);
    for (const line of lines) {
      assert.ok(line.length <= width, JSON.stringify(line));
      // deno-lint-ignore no-control-regex
      assert.doesNotMatch(line, /[\x00-\x1f]/);
    }
  }));
});
