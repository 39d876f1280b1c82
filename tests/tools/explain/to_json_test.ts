import assert from "node:assert/strict";
import { snakeKeys } from "../../../tools/explain/to_json.ts";

Deno.test("keys are named as in the ledger, at any depth, and values stay", () => {
  const date = new Date("2026-11-02T12:00:00Z");
  assert.deepEqual(
    snakeKeys({ lastError: "paidThrough", list: [{ isRead: true, atOnce: date }], none: null }),
    { last_error: "paidThrough", list: [{ is_read: true, at_once: date }], none: null },
  );
});
