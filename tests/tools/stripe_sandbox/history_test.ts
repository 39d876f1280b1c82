import assert from "node:assert/strict";
import { createHistory } from "../../../tools/stripe_sandbox/history.ts";
import { previousAttributes } from "../../../tools/stripe_sandbox/previous_attributes.ts";

const day = (n: number) => new Date(Date.UTC(2026, 0, n));

Deno.test("a history tells every moment, in whatever order its changes were told", () => {
  const history = createHistory({ status: "active", seats: 1 });
  history.change(day(9), { seats: 9 });
  history.change(day(3), { status: "past_due" });
  history.change(day(3), { status: "unpaid" });
  assert.deepEqual(history.at(day(2)), { status: "active", seats: 1 });
  assert.deepEqual(history.at(day(3)), { status: "unpaid", seats: 1 });
  assert.deepEqual(history.latest, { status: "unpaid", seats: 9 });
});

Deno.test("previous attributes are the changed fields, of a hash the changed keys, of a list all", () => {
  const list = (data: number[]) => ({ object: "list", data, has_more: false });
  assert.deepEqual(
    previousAttributes(
      { same: [1], status: "active", metadata: { a: "1", b: "2" }, items: list([1]) },
      { same: [1], status: "past_due", metadata: { a: "1", c: "3" }, items: list([2]), more: 1 },
    ),
    { status: "active", metadata: { b: "2", c: null }, items: list([1]), more: null },
  );
});
