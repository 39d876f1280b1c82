import assert from "node:assert/strict";
import { capacityOf, type Load, rushSeconds } from "../../../../tools/bench/capacity/model.ts";

const load: Load = {
  purchases: 1_000_000,
  rate: { calls: 50, seconds: 5 },
  salesPerHour: 0,
  graceDays: 3,
  latencySeconds: 0.2,
};

Deno.test("as many as the model says are renewed in time, and one more is not", () => {
  const { mostPurchases } = capacityOf(load);
  assert.equal(capacityOf({ ...load, purchases: mostPurchases }).holds, true);
  assert.equal(capacityOf({ ...load, purchases: mostPurchases + 1 }).holds, false);
});

Deno.test("the days of grace it asks for are enough, and one fewer is not", () => {
  for (const purchases of [1000, 1_000_000, 5_000_000]) {
    const { graceDaysNeeded } = capacityOf({ ...load, purchases });
    assert.equal(capacityOf({ ...load, purchases, graceDays: graceDaysNeeded }).holds, true);
    assert.equal(capacityOf({ ...load, purchases, graceDays: graceDaysNeeded - 1 }).holds, false);
  }
});

Deno.test("sales take from renewals what they need, and half of all at most", () => {
  const at = (salesPerHour: number) => capacityOf({ ...load, salesPerHour }).renewalsPerSecond;
  const { callsPerSecond, mostSalesPerHour } = capacityOf(load);
  assert.equal(at(0), callsPerSecond);
  assert.equal(at(1800), callsPerSecond - 1);
  assert.ok(Math.abs(at(mostSalesPerHour) - callsPerSecond / 2) < 0.01);
  assert.equal(at(1_000_000), callsPerSecond / 2);
});

Deno.test("buyers who come at once wait for each other only beyond what is held for them", () => {
  const at = (buyers: number) => rushSeconds(buyers, { ...load, held: 6 });
  assert.equal(at(1), at(3));
  assert.ok(at(4) > at(3));
});
