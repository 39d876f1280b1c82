import assert from "node:assert/strict";
import { forget, keep, resumed, type RunState } from "../../../tools/reconcile/run_state.ts";

const begunAt = "2026-11-20T12:00:00.000Z";
const state: RunState = {
  question: "q",
  begunAt,
  cursor: { phase: "sessions", after: "cs_1" },
  compared: 7,
  unmapped: 1,
  matched: ["license-1"],
  candidates: { "license-2": ["sub_1"] },
  heldBack: ["sub_1", "in_1"],
  findings: [{
    kind: "missing",
    state: "open",
    purchaseId: "sub_1",
    licenseId: null,
    found: "a license of product p",
    proposal: null,
  }],
};
const later = (hours: number) => new Date(Date.parse(begunAt) + hours * 3_600_000);

Deno.test("a run goes on where it was kept, but for another question, or after a day", async () => {
  const path = await Deno.makeTempFile();
  try {
    await keep(path, state);
    assert.deepEqual(await resumed(path, "q", later(1)), state);
    assert.equal(await resumed(path, "another", later(1)), null);
    assert.equal(await resumed(path, "q", later(25)), null);
    for (const text of ["", "{", '{"question":"q"}']) {
      await Deno.writeTextFile(path, text);
      assert.equal(await resumed(path, "q", later(1)), null, text);
    }
    await forget(path);
    assert.equal(await resumed(path, "q", later(1)), null);
    await forget(path);
  } finally {
    await forget(path);
  }
});
