import assert from "node:assert/strict";
import { scheduleDeliveries } from "../../../tools/chaos/deliveries.ts";
import { randomPurchases } from "../../../tools/chaos/random_purchases.ts";
import { createSeededRandom } from "../../../tools/chaos/seeded_random.ts";

const now = new Date("2026-11-02T10:00:00Z");
const sell = (seed: number) => randomPurchases({ seed, count: 200, hasPlans: seed % 2 === 0, now });

Deno.test("the same seed sells the same, another one something else", () => {
  assert.deepEqual(sell(1), sell(1));
  assert.notDeepEqual(sell(1), sell(3));
});

Deno.test("every kind of purchase is sold", () => {
  const titles = sell(2).map(({ title }) => title).join("\n");
  const kinds = [
    ...["from a month's end", "trial of", "anchored to", "by debit", "0 renewals", "4 renewals"],
    ...["the session's metadata", "the subscription's metadata", "then yearly", "noise"],
    ...["order, paid", "order, paid later", "order, failed", "order, free", "with an invoice"],
    ...["a customer is made", "in its metadata"],
  ];
  for (const kind of kinds) assert.ok(titles.includes(kind), kind);
});

Deno.test("every event is delivered, some again, within the time given", () => {
  const purchases = sell(1);
  const random = createSeededRandom(1, "deliveries");
  const deliveries = scheduleDeliveries(purchases, { random, spreadMs: 1000 });
  const events = purchases.flatMap((purchase) => purchase.events.map(({ id }) => id));
  assert.deepEqual(new Set(deliveries.map(({ event }) => event.id)), new Set(events));
  assert.ok(deliveries.length > events.length * 1.2);
  assert.ok(deliveries.every(({ atMs }) => atMs >= 0 && atMs < 1000));
  assert.ok(deliveries.every(({ atMs }, nth) => atMs >= (deliveries[nth - 1]?.atMs ?? 0)));
});
