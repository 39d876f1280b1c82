// The model: what a subscription consists of after changes.

import assert from "node:assert/strict";
import { prices } from "../../../../tools/chaos/chaos_catalogue.ts";
import { bySetting, inDays, opened, shapes, subscribe, usable } from "./story.ts";

const later = "create_prorations";

for (const shape of shapes) {
  Deno.test(`the newest snapshot says what is bought, whenever it is told (${shape})`, () => {
    const sale = subscribe({}, shape);
    const plus = sale.changePlan({ to: prices.plus, at: inDays(5), prorationBehavior: later });
    assert.deepEqual(usable([...opened(sale), plus.updated]), ["app 2026-03-03 plus"]);
    const lite = sale.changePlan({ to: prices.lite, at: inDays(9), prorationBehavior: later });
    const events = [...opened(sale), plus.updated, lite.updated];
    assert.deepEqual(usable(events), ["pro 2026-03-03"]);
  });

  Deno.test(`a year once paid stays paid (${shape})`, () => {
    const sale = subscribe({}, shape);
    const change = { at: inDays(5), prorationBehavior: "always_invoice" } as const;
    const there = sale.changePlan({ to: prices.annual, ...change });
    const back = sale.changePlan({ to: prices.monthly, ...change, at: inDays(9) });
    const events = [there.updated, there.invoicePaid, back.updated, back.invoicePaid];
    assert.deepEqual(usable([...opened(sale), ...events]), ["app 2027-02-08 basic"]);
  });

  Deno.test(`what has no paid line lasts as long as the rest, and its own period (${shape})`, () => {
    const sale = subscribe({}, shape);
    const { updated } = sale
      .addItem({ price: prices.addOn, at: inDays(5), prorationBehavior: later });
    const added = [...opened(sale), updated];
    assert.deepEqual(usable(added), ["app 2026-03-03 basic", "extra 2026-03-03"]);
    // The next period begins, and is not paid.
    assert.deepEqual(usable([...added, sale.renewed(1)]), usable(added));
    assert.deepEqual(usable([...added, sale.renewed(1), sale.renewalPaid(1)]), [
      "app 2026-04-03 basic",
      "extra 2026-04-03",
    ]);
    assert.deepEqual(usable(added, bySetting), ["app 2026-03-03"]);
  });
}

Deno.test("what was removed, and of which nothing is left, is not there", () => {
  const sale = subscribe();
  const added = sale
    .addItem({ price: prices.addOn, at: inDays(5), prorationBehavior: "always_invoice" });
  const removed = sale.removeItem({ item: 0, at: inDays(9), prorationBehavior: later });
  const events = [...opened(sale), added.updated, added.invoicePaid, removed.updated];
  assert.deepEqual(usable(events), ["extra 2026-03-03"]);
  const none = sale
    .changeQuantity({ item: 1, quantity: 0, at: inDays(12), prorationBehavior: later });
  assert.deepEqual(usable([...events, none.updated]), []);
});

Deno.test("units count as the plan says", () => {
  const three = (price: keyof typeof prices) => {
    const sale = subscribe({ price: { ...prices[price], quantity: 3 } });
    return usable(opened(sale));
  };
  assert.deepEqual(three("monthly"), ["app 2026-03-03 basic"]);
  assert.deepEqual(three("team"), ["team 2026-03-03 team 6 activations"]);
  assert.deepEqual(three("squad"), ["team 2026-03-03 squad 9 activations"]);
  assert.deepEqual(three("clients"), ["site 2026-03-03 15 clients"]);
  assert.deepEqual(three("boxes"), ["box 2026-03-03", "box 2026-03-03", "box 2026-03-03"]);
});

Deno.test("of two snapshots of one second the usable one counts", () => {
  const sale = subscribe();
  const unpaid = sale.updated({ at: inDays(5), status: "unpaid" });
  const active = sale.updated({ at: inDays(5), status: "active" });
  assert.equal(usable([...opened(sale), unpaid]).length, 0);
  assert.equal(usable([...opened(sale), unpaid, active]).length, 1);
});

Deno.test("what is added later has its plan's license beside the one named for the whole", () => {
  const sale = subscribe({ sessionMetadata: { CRYPTLEX_PRODUCT_ID: "product-pro" } });
  const { updated } = sale
    .addItem({ price: prices.addOn, at: inDays(5), prorationBehavior: later });
  assert.deepEqual(usable([...opened(sale), updated]), ["extra 2026-03-03", "pro 2026-03-03"]);
});
