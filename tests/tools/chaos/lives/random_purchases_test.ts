import assert from "node:assert/strict";
import { app } from "../../../../tools/chaos/chaos_catalogue.ts";
import { expectedLicenses } from "../../../../tools/chaos/model/expected_licenses.ts";
import { merchantOf } from "../../../../tools/chaos/merchant.ts";
import { randomPurchases } from "../../../../tools/chaos/lives/random_purchases.ts";

const now = new Date("2026-11-02T10:00:00Z");
const sell = (seed: number, count = 400) =>
  randomPurchases({ seed, count, hasPlans: seed % 2 === 0, now });

Deno.test("the same seed sells the same, another one something else", () => {
  assert.deepEqual(sell(1, 100), sell(1, 100));
  assert.notDeepEqual(sell(1, 10), sell(3, 10));
});

Deno.test("every kind of purchase is sold, and every kind of life lived", () => {
  const titles = sell(2).map(({ title }) => title).join("\n");
  const kinds = [
    ...["from a month's end", "trial of", "anchored to", "by debit", "0 renewals", "4 renewals"],
    ...["the session's metadata", "the subscription's metadata", "then yearly", "noise"],
    ...["order, paid", "order, paid later", "order, failed", "order, free", "with an invoice"],
    ...["a customer is made", "a customer is changed", "buys nothing", "in its metadata"],
    ...["to price_ChaosAnnual", "to price_ChaosTeam", "and price_ChaosAddOn", "without price_"],
    ...["instead of", "recovered", "paid late", "for good", "collection paused"],
    ...["paused and resumed, now", "paused and resumed, unchanged", "cancellation undone"],
    ...["cancelled", "at the period's end", "trial until later", "trial ended early"],
    ...["dispute won", "dispute lost", "dispute open", "dispute inquiry", " and dispute "],
    ...["refunded in part,", "refunded in parts", "refunded in full", "refunded failed"],
    ...["refunded pending", "refunded again", "price_ChaosMetered", "the debit failed"],
    ...["no subscription's events", "no payment's events", "invoice by hand", "free for ever"],
    ...["quantity changed six times"],
  ];
  for (const kind of kinds) assert.ok(titles.includes(kind), kind);
});

Deno.test("the model knows what comes of every one of them", () => {
  for (const seed of [1, 2]) {
    const events = sell(seed).flatMap((purchase) => purchase.events)
      .filter((event) => "data" in event);
    const purchases = expectedLicenses(events, {
      ...merchantOf(seed),
      defaultProductId: app.id,
      graceDays: 3,
    });
    const usable = purchases.filter(({ licenses }) => licenses.length > 0).length;
    assert.ok(usable > purchases.length / 2 && usable < purchases.length);
  }
});
