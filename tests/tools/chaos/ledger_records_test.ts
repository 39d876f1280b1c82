import assert from "node:assert/strict";
import {
  eventProblems,
  type EventRow,
  licenseRowProblems,
} from "../../../tools/chaos/ledger_records.ts";

const row: EventRow = {
  event_id: "evt_1",
  event_type: "invoice.paid",
  status: "applied",
  outcome: null,
  last_error: null,
  attempts: 1,
  purchase_id: "sub_1",
};

Deno.test("an event that is missing, too many or unsettled is found", () => {
  const sent = [{ id: "evt_1" }];
  assert.deepEqual(eventProblems(sent, [row]), []);
  assert.deepEqual(eventProblems(sent, [{ ...row, status: "ignored" }]), []);
  assert.deepEqual(eventProblems(sent, []), ["evt_1 is not recorded"]);
  assert.deepEqual(eventProblems([], [row]), ["evt_1 was never sent"]);
  for (const status of ["pending", "parked"]) {
    const [problem] = eventProblems(sent, [{ ...row, status, last_error: "why" }]);
    assert.equal(problem, `evt_1 (invoice.paid) is ${status}: why`);
  }
});

Deno.test("ledger and Cryptlex must agree on the usable licenses", () => {
  assert.deepEqual(licenseRowProblems(["a"], ["a"]), []);
  assert.deepEqual(licenseRowProblems(["a"], ["b"]), [
    "license b is usable and the ledger does not know it",
    "license a is usable only in the ledger",
  ]);
});
