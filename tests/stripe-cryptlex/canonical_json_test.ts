import assert from "node:assert/strict";
import fc from "fast-check";
import { canonicalJson } from "../../functions/stripe-cryptlex/canonical_json.ts";
import { asStored } from "./builders/as_stored.ts";

Deno.test("the order of keys does not matter, at any depth", () => {
  assert.equal(canonicalJson({ b: 1, a: [{ d: 2, c: 3 }] }), '{"a":[{"c":3,"d":2}],"b":1}');
});

Deno.test("the order of a list does", () => {
  assert.notEqual(canonicalJson([1, 2]), canonicalJson([2, 1]));
});

Deno.test("one value has one text, in whatever order Postgres gives its keys back", () => {
  fc.assert(fc.property(fc.jsonValue(), (value) => {
    assert.equal(canonicalJson(asStored(value)), canonicalJson(value));
  }));
});

Deno.test("the text is the value's, nothing is lost", () => {
  fc.assert(fc.property(fc.jsonValue(), (value) => {
    assert.deepEqual(JSON.parse(canonicalJson(value)), JSON.parse(JSON.stringify(value)));
  }));
});
