import assert from "node:assert/strict";
import { readScope } from "../../../tools/reconcile/read_scope.ts";
import { UsageError } from "../../../tools/run_command.ts";

const now = new Date("2026-11-20T12:00:00Z");
const read = (words: Partial<Parameters<typeof readScope>[0]>) =>
  readScope({ since: undefined, customer: undefined, purchase: undefined, ...words }, now);

Deno.test("readScope() means all unless told what", () => {
  assert.deepEqual(read({}), { kind: "all" });
  assert.deepEqual(read({ since: "12h" }), {
    kind: "since",
    since: new Date("2026-11-20T00:00:00Z"),
  });
  assert.deepEqual(read({ customer: "cus_1" }), { kind: "customer", customerId: "cus_1" });
  assert.deepEqual(read({ purchase: ["sub_1", "pi_2", "sub_1"] }), {
    kind: "purchases",
    ids: ["sub_1", "pi_2"],
  });
});

Deno.test("readScope() refuses what it cannot mean", () => {
  for (
    const words of [
      { since: "tomorrow" },
      { since: "2027-01-01" },
      { customer: "sub_1" },
      { purchase: ["sub_1", "ch_1"] },
      { purchase: ["sub_1 "] },
      { since: "1d", purchase: ["sub_1"] },
    ]
  ) {
    assert.throws(() => read(words), UsageError);
  }
});
