import assert from "node:assert/strict";
import { wrapWords } from "../../tools/wrap_words.ts";

Deno.test("words go on as few lines as they need", () => {
  assert.deepEqual(wrapWords("one two three", 13), ["one two three"]);
  assert.deepEqual(wrapWords("one two three", 12), ["one two", "three"]);
  assert.deepEqual(wrapWords("one two", 3), ["one", "two"]);
  assert.deepEqual(wrapWords("", 10), [""]);
});

Deno.test("a word longer than the line has one of its own", () => {
  assert.deepEqual(wrapWords("a word-that-is-long b", 6), ["a", "word-that-is-long", "b"]);
});
