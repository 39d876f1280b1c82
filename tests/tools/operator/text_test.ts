import assert from "node:assert/strict";
import { plain, wrapText } from "../../../tools/operator/text.ts";

Deno.test("text of others moves no cursor and begins no line", () => {
  assert.equal(plain("a\x1b[2Jb\r\nc\u009bd"), "a [2Jb c d");
});

Deno.test("text is broken between words, behind its indent", () => {
  const options = { width: 12, indent: "  " };
  assert.deepEqual(wrapText("one two three four", options), ["  one two", "  three four"]);
  assert.deepEqual(wrapText(" a\nb  c ", options), ["  a b c"]);
  assert.deepEqual(wrapText("", options), []);
});

Deno.test("a word that is longer than a line stays whole, so that it can be copied", () => {
  const id = `cs_test_${"a".repeat(58)}`;
  assert.deepEqual(wrapText(`in ${id} here`, { width: 20 }), ["in", id, "here"]);
});
