import assert from "node:assert/strict";
import {
  type DisputeStatus,
  disputeStatuses,
  mergeDispute,
  stageOf,
} from "../../functions/stripe-cryptlex/disputes.ts";

const dispute = (status: DisputeStatus) => ({ status, createdAt: 10 });

Deno.test("a dispute only comes further, whichever event came first", () => {
  disputeStatuses.forEach((earlier, i) => {
    for (const later of disputeStatuses.slice(i)) {
      assert.deepEqual(mergeDispute(dispute(earlier), dispute(later)), dispute(later));
      assert.deepEqual(mergeDispute(dispute(later), dispute(earlier)), dispute(later));
    }
  });
});

Deno.test("an inquiry is no dispute yet, and one that is closed is over", () => {
  assert.equal(stageOf(dispute("warning_needs_response")), "inquiry");
  assert.equal(stageOf(dispute("warning_under_review")), "inquiry");
  assert.equal(stageOf(dispute("warning_closed")), "over");
});

Deno.test("money is disputed until the dispute is lost, or over", () => {
  assert.equal(stageOf(dispute("needs_response")), "open");
  assert.equal(stageOf(dispute("under_review")), "open");
  assert.equal(stageOf(dispute("lost")), "lost");
  for (const status of ["won", "prevented", "funds_reinstated"] as const) {
    assert.equal(stageOf(dispute(status)), "over");
  }
});

Deno.test("an appeal changes nothing until it is won", () => {
  const appealed = mergeDispute(dispute("lost"), dispute("appeal_under_review"));
  assert.equal(stageOf(appealed), "lost");
  assert.equal(stageOf(mergeDispute(appealed, dispute("lost"))), "lost");
  assert.equal(stageOf(mergeDispute(appealed, dispute("won"))), "over");
});
