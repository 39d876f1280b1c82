import assert from "node:assert/strict";
import { sideBySide } from "../../functions/stripe-cryptlex/side_by_side.ts";

Deno.test("as many purchases at once as calls are allowed in a second, within bounds", () => {
  const many = [[50, 5], [1, 5], [100, 5], [101, 5], [100_000, 5]] as const;
  assert.deepEqual(many.map(([calls, seconds]) => sideBySide({ calls, seconds })), [
    10,
    8,
    20,
    21,
    50,
  ]);
});
