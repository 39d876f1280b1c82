// The whole run, short: it passes on the function as it is, and fails on a world bent by hand.

import assert from "node:assert/strict";
import { purchaseKeys } from "../../../functions/stripe-cryptlex/license_metadata.ts";
import type { SandboxLicense } from "../../../tools/cryptlex_sandbox/sandbox.ts";
import { isUsable } from "../../../tools/chaos/compare_licenses.ts";
import { runChaos } from "../../../tools/chaos/run_chaos.ts";
import { runTool } from "../tool_process.ts";

// What was killed leaves timers and sockets of its clients behind for a moment.
const loose = { sanitizeOps: false, sanitizeResources: false };

Deno.test({
  name: "forty purchases survive two processes, kills, faults and outages",
  ...loose,
  async fn() {
    const { wrong, problems, figures } = await runChaos({
      purchases: 40,
      processes: 2,
      seed: 1,
      seconds: 8,
    });
    assert.deepEqual(problems, []);
    assert.deepEqual(wrong, []);
    // It was no calm day.
    assert.ok(figures.disturbances.kills > 0);
    assert.ok(figures.deliveries.sent > figures.events);
    const met = Object.values(figures.faults).reduce((sum, times) => sum + times, 0);
    assert.ok(met >= 5, `${met} faults`);
    assert.ok(figures.licenses.usable >= 20);
  },
});

Deno.test({
  name: "a license removed by hand, one moved and one doubled are found",
  ...loose,
  async fn() {
    const bent: string[] = [];
    const { wrong, problems } = await runChaos(
      { purchases: 12, processes: 1, seed: 2, seconds: 1 },
      (sandbox) => {
        const [removed, moved, doubled] = alone(sandbox.licenses().filter(isUsable));
        assert.ok(removed && moved && doubled);
        bent.push(...[removed, moved, doubled].map(({ id }) => id));
        sandbox.remove(removed.id);
        sandbox.change(moved.id, { expiresAt: "2031-01-01T00:00:00Z" });
        const { productId, metadata } = doubled;
        bent.push(sandbox.seedLicense({ productId, metadata }).id);
      },
    );
    const [removed, moved, doubled, double] = bent;
    assert.equal(wrong.length, 3);
    assert.ok(wrong.every(({ events, actions }) => events.length > 0 && actions.length > 0));
    const sentences = wrong.flatMap((one) => one.problems).join("\n");
    assert.match(sentences, /there must be 1 usable licenses, there are 0/);
    assert.match(sentences, /expires 2031-01-01/);
    assert.match(sentences, /there must be 1 usable licenses, there are 2/);
    assert.deepEqual(
      new Set(
        wrong.flatMap(({ found }) => found.filter(isUsable).map(({ id }) => id)),
      ),
      new Set([moved, doubled, double]),
    );
    assert.deepEqual(
      problems.toSorted(),
      [
        `license ${double} is usable and the ledger does not know it`,
        `license ${removed} is usable only in the ledger`,
      ].toSorted(),
    );
  },
});

/** Those of purchases that have one license. */
function alone(licenses: readonly SandboxLicense[]): SandboxLicense[] {
  const purchaseOf = ({ metadata }: SandboxLicense) =>
    metadata.find(({ key }) => purchaseKeys.includes(key))?.value;
  return licenses.filter((one) =>
    licenses.filter((other) => purchaseOf(other) === purchaseOf(one)).length === 1
  );
}

Deno.test("chaos explains its options, and refuses what is no number", async () => {
  const helped = await runTool("chaos.ts", ["--help"]);
  assert.equal(helped.code, 0);
  assert.match(helped.stdout, /--seed N/);
  const refused = await runTool("chaos.ts", ["--purchases", "none"]);
  assert.equal(refused.code, 2);
  assert.match(refused.stderr, /--purchases is not a whole number above 0: none/);
});
