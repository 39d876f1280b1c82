import assert from "node:assert/strict";
import fc from "fast-check";
import { maskNames } from "../../functions/stripe-cryptlex/mask_names.ts";

Deno.test("a name is masked as a whole and in its words, in any case", () => {
  const said = "User 'ada lovelace' is taken; LOVELACE may not be Ada";
  assert.equal(
    maskNames(said, ["Ada Lovelace"]),
    "User '<name>' is taken; <name> may not be <name>",
  );
});

Deno.test("what only contains a name is no name", () => {
  assert.equal(maskNames("the adapter has an Adam", ["Ada"]), "the adapter has an Adam");
});

Deno.test("names of any letters and signs are masked", () => {
  assert.equal(maskNames("李 or José-María", ["李", "José María"]), "<name> or <name>-<name>");
  assert.equal(maskNames("Anne-Marie/Ltd", ["Anne-Marie", "a/b"]), "<name>/Ltd");
  assert.equal(maskNames("A+B (Ltd.) is [x]", ["A+B (Ltd.)", "[x] "]), "<name> is <name>");
  assert.equal(maskNames("J. R. is not masked", ["J R"]), "J. R. is not masked");
});

Deno.test("without a name nothing is masked", () => {
  assert.equal(maskNames("as it is", []), "as it is");
  assert.equal(maskNames("as it is", ["", " "]), "as it is");
});

Deno.test("whatever somebody is called, that can be masked", () => {
  fc.assert(fc.property(fc.string({ unit: "grapheme" }), (name) => {
    assert.equal(typeof maskNames(`for ${name}.`, [name]), "string");
  }));
});
