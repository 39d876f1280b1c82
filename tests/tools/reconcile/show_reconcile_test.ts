import assert from "node:assert/strict";
import type { Finding } from "../../../tools/reconcile/finding.ts";
import {
  type Outcome,
  outcomeJson,
  outcomeLines,
} from "../../../tools/reconcile/show_reconcile.ts";

const plainStyle = {
  bold: (text: string) => text,
  dim: (text: string) => text,
  red: (text: string) => text,
  green: (text: string) => text,
  yellow: (text: string) => text,
};

const finding = (changed: Partial<Finding> = {}): Finding => ({
  kind: "missing",
  state: "open",
  purchaseId: "sub_1iQsVquFtRbt0aaARp00VHq1",
  licenseId: null,
  found: "a license of product product-app, until 2026-12-27",
  proposal: null,
  ...changed,
});

const outcome = (findings: readonly Finding[], changed: Partial<Outcome> = {}): Outcome => ({
  whose: "the project",
  mode: "test mode",
  policy: {
    cryptlexProductId: null,
    renewalGraceDays: 3,
    onCancel: "revoke",
    onRefund: "revoke",
    onDispute: "suspend",
  },
  compared: 1234,
  unmapped: 2,
  findings,
  isApplied: false,
  ...changed,
});

const lines = (of: Outcome, width = 80) => outcomeLines(of, { width, style: plainStyle });
const verdict = (...of: Parameters<typeof outcome>) => lines(outcome(...of)).at(-1);

Deno.test("what is found is told kind by kind, ids in full, within the screen", () => {
  const licenseId = "eb1ba914-2a98-4bd4-976e-000000000001";
  const told = lines(outcome([
    finding({ kind: "expiry", licenseId, found: "ends 2026-11-21, should end 2026-12-21" }),
    finding(),
    finding({ kind: "orphaned", state: "person", licenseId, proposal: "revoke it in Cryptlex" }),
  ]));
  assert.match(
    told.join(" "),
    /^Stripe \(test mode\) .* 1,234 purchases compared; 2 sell no license/,
  );
  assert.deepEqual(told.filter((line) => line.length > 80), []);
  assert.deepEqual(told.filter((line) => /^[a-z].*\(\d\)$/.test(line)), [
    "a license is missing (1)",
    "wrong expiry (1)",
    "of nothing Stripe knows (1)",
  ]);
  assert.equal(told.filter((line) => line.includes(licenseId)).length, 2);
  assert.ok(told.includes("    -> revoke it in Cryptlex"));
});

Deno.test("of very many alike the first fifty are told", () => {
  const told = lines(outcome(Array.from({ length: 70 }, () => finding())));
  assert.equal(told.filter((line) => line.includes("sub_")).length, 50);
  assert.ok(told.includes("  and 20 more: --json has all"));
});

Deno.test("the end says what is left to do, and whose it is", () => {
  assert.equal(verdict([]), "Nothing to do: all three say the same.");
  assert.equal(verdict([finding({ state: "noted" })]), "Nothing to do: all three say the same.");
  assert.equal(
    verdict([finding()]),
    "1 difference: --apply puts right what is wrong. Nothing was changed.",
  );
  assert.match(
    lines(
      outcome([finding({ state: "fixed" }), finding({ state: "failed" })], {
        isApplied: true,
      }),
      200,
    ).at(-1) ?? "",
    /^1 put right; 1 failed: see above, and deno task explain\.$/,
  );
  assert.equal(verdict([finding({ state: "person" })]), "1 for you to decide.");
});

Deno.test("the document for machines says whether all is right", () => {
  const right = JSON.parse(outcomeJson(outcome([finding({ state: "fixed" })])));
  assert.deepEqual([right.ok, right.compared, right.findings[0].purchase_id], [
    true,
    1234,
    "sub_1iQsVquFtRbt0aaARp00VHq1",
  ]);
  for (const state of ["open", "person", "failed"] as const) {
    assert.equal(JSON.parse(outcomeJson(outcome([finding({ state })]))).ok, false);
  }
});
