import assert from "node:assert/strict";
import { scheduleDeliveries } from "../../../tools/chaos/deliveries.ts";
import { randomPurchases } from "../../../tools/chaos/lives/random_purchases.ts";
import { createSeededRandom } from "../../../tools/chaos/seeded_random.ts";

const now = new Date("2026-11-02T10:00:00Z");
Deno.test("every event is delivered, some again, within the time given", () => {
  const purchases = randomPurchases({ seed: 1, count: 200, hasPlans: false, now });
  const random = createSeededRandom(1, "deliveries");
  const deliveries = scheduleDeliveries(purchases, { random, spreadMs: 1000 });
  const events = purchases.flatMap((purchase) => purchase.events.map(({ id }) => id));
  assert.deepEqual(new Set(deliveries.map(({ event }) => event.id)), new Set(events));
  assert.ok(deliveries.length > events.length * 1.2);
  assert.ok(deliveries.every(({ atMs }) => atMs >= 0 && atMs < 1000));
  assert.ok(deliveries.every(({ atMs }, nth) => atMs >= (deliveries[nth - 1]?.atMs ?? 0)));
});
