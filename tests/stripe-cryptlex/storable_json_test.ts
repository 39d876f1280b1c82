import assert from "node:assert/strict";
import fc from "fast-check";
import { storableJson } from "../../functions/stripe-cryptlex/storable_json.ts";

const stored = (value: unknown) => JSON.parse(storableJson(value));

/** Texts in which what Postgres refuses is common. */
const anyText = fc.array(
  fc.oneof(fc.constantFrom("\0", "\uD800", "\uDC00", "🦕", "é", "\\u0000"), fc.string()),
).map((parts) => parts.join(""));

function textsIn(value: unknown): string[] {
  if (typeof value === "string") return [value];
  if (typeof value !== "object" || value === null) return [];
  return [...Object.keys(value), ...Object.values(value).flatMap(textsIn)];
}

Deno.test("a NUL character is replaced", () => {
  assert.deepEqual(stored({ name: "Ada\0" }), { name: "Ada\uFFFD" });
});

Deno.test("half of a surrogate pair is replaced, a whole one stays", () => {
  assert.deepEqual(stored(["\uD83E", "\uDD95", "🦕"]), ["\uFFFD", "\uFFFD", "🦕"]);
});

Deno.test("keys are replaced like values, at every depth", () => {
  assert.deepEqual(stored({ a: [{ "b\0": { "c\uD800": "\0" } }] }), {
    a: [{ "b\uFFFD": { "c\uFFFD": "\uFFFD" } }],
  });
});

Deno.test("dates become text", () => {
  assert.deepEqual(stored({ at: new Date(0) }), { at: "1970-01-01T00:00:00.000Z" });
});

Deno.test("text that merely spells an escape stays as it is", () => {
  assert.deepEqual(stored(["\\u0000", "\\ud800"]), ["\\u0000", "\\ud800"]);
});

Deno.test("whatever is stored holds nothing that Postgres refuses", () => {
  const value = fc.letrec((tie) => ({
    value: fc.oneof(
      { maxDepth: 3 },
      anyText,
      fc.array(tie("value")),
      fc.dictionary(anyText, tie("value")),
    ),
  })).value;
  fc.assert(fc.property(value, (any) => {
    for (const text of textsIn(stored(any))) {
      assert.ok(!text.includes("\0"));
      assert.equal(text.isWellFormed(), true);
    }
  }));
});

Deno.test("what Postgres can store is stored as it is", () => {
  fc.assert(fc.property(fc.jsonValue({ stringUnit: "grapheme" }), (value) => {
    fc.pre(!JSON.stringify(value).includes("\\u0000"));
    assert.equal(storableJson(value), JSON.stringify(value));
  }));
});
