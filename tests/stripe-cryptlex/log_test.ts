import assert from "node:assert/strict";
import { createLog, errorMessage } from "../../functions/stripe-cryptlex/log.ts";

function logged(entry: Parameters<ReturnType<typeof createLog>>[0]): string {
  const lines: string[] = [];
  createLog((line) => lines.push(line))(entry);
  assert.equal(lines.length, 1);
  return lines.join();
}

Deno.test("an entry is one line of JSON", () => {
  const line = logged({ action: "settle", purchase_id: "sub_1", error: "first\nsecond" });
  assert.ok(!line.includes("\n"));
  assert.deepEqual(JSON.parse(line), {
    action: "settle",
    purchase_id: "sub_1",
    error: "first\nsecond",
  });
});

Deno.test("what is null is left out, what is zero is not", () => {
  assert.equal(
    logged({ action: "record", license_id: null, status: null, error: null, ms: 0 }),
    '{"action":"record","ms":0}',
  );
});

Deno.test("whatever is thrown says something", () => {
  assert.equal(errorMessage(new TypeError("no")), "no");
  assert.equal(errorMessage("no"), "no");
  assert.equal(errorMessage(undefined), "undefined");
});
