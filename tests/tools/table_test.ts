import assert from "node:assert/strict";
import { alignColumns } from "../../tools/table.ts";

Deno.test("columns are as wide as their widest cell", () => {
  assert.deepEqual(alignColumns([["a", "bbb", "c"], ["aaaa", "b", ""], ["a"]]), [
    "a     bbb  c",
    "aaaa  b",
    "a",
  ]);
  assert.deepEqual(alignColumns([]), []);
});
