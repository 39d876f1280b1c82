import assert from "node:assert/strict";
import { createLog } from "../../../functions/stripe-cryptlex/log.ts";
import { readableLog } from "../../../tools/dev/readable_log.ts";

Deno.test("a line of the function's log reads as words", () => {
  const lines: string[] = [];
  const log = createLog((line) => lines.push(readableLog(line)));
  log({ action: "record", event_id: "evt_1", status: "pending", ms: 12 });
  log({ action: "settle", purchase_id: "sub_1", attempts: 0, ms: 0 });
  log({
    action: "settle",
    purchase_id: "sub_1",
    attempts: 1,
    error: "no answer",
    license_id: null,
  });
  assert.deepEqual(lines, [
    "record            evt_1  pending  12 ms",
    "settle            sub_1  0 ms",
    "settle            sub_1  no answer  attempt 2",
  ]);
});

Deno.test("what is no log entry stays as it is", () => {
  for (const line of ["error: Uncaught", "{", '{"message":"x"}', ""]) {
    assert.equal(readableLog(line), line);
  }
});
