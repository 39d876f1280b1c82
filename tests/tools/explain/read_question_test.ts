import assert from "node:assert/strict";
import { readQuestion } from "../../../tools/explain/read_question.ts";
import { UsageError } from "../../../tools/run_command.ts";

Deno.test("a purchase is asked about by an id of Stripe's, or by an e-mail address", () => {
  for (const id of ["sub_1", "pi_1", "cs_test_a1", "in_1", "evt_1", "cus_1", "ch_1"]) {
    assert.deepEqual(readQuestion([id]), { kind: "id", id });
  }
  assert.deepEqual(readQuestion([" Ada+1@Example.com "]), {
    kind: "email",
    email: "Ada+1@Example.com",
  });
});

Deno.test("anything else, nothing, and more than one are refused", () => {
  for (const words of [[], [""], ["sub_1", "pi_1"]]) {
    assert.throws(() => readQuestion(words), /^UsageError: Say who is meant, once: /);
  }
  for (const word of ["ada", "sub_", "price_1", "sub_1 or", "@example.com", "a@b@c", "--x"]) {
    assert.throws(() => readQuestion([word]), (error: Error) => {
      assert.ok(error instanceof UsageError);
      return error.message.startsWith("Neither an e-mail address nor an id of Stripe's (sub_…, ");
    });
  }
});
