import assert from "node:assert/strict";
import { plans } from "../../../tools/demo/plans.ts";
import { createStory } from "../../../tools/demo/story.ts";
import { sampleAccount } from "../../../tools/sample_account.ts";

const now = new Date("2026-11-24T10:00:00Z");

Deno.test("a renewal costs a second call only where a month more is another day", () => {
  const renewalAt = (date: string) =>
    createStory(new Date(date)).find(({ title }) => title.includes("renews"))?.calls;
  assert.equal(renewalAt("2026-11-24T10:00:00Z"), 1);
  // Paid to 28 February, then to 28 March; with the grace days 3 March, then 31 March.
  assert.equal(renewalAt("2027-01-28T10:00:00Z"), 2);
});

Deno.test("steps fit the terminal, and each purchase is one customer's", () => {
  const story = createStory(now);
  for (const { title } of story) assert.ok(title.length <= 44, title);
  for (const { purchaseId, license } of story) {
    for (const other of story.filter((one) => one.purchaseId === purchaseId)) {
      assert.equal((other.license ?? license)?.email, (license ?? other.license)?.email);
    }
  }
});

Deno.test("plans name what the account sells", () => {
  const ids = (records: readonly { id: string }[]) => records.map(({ id }) => id);
  for (const { cryptlex_product_id, entitlement_set_id } of plans) {
    assert.ok(ids(sampleAccount.products).includes(cryptlex_product_id));
    assert.ok(ids(sampleAccount.entitlementSets).includes(entitlement_set_id));
  }
});
