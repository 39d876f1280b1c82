// What becomes of a license's date over several convergences: the real one, all in memory.

import assert from "node:assert/strict";
import type { Purchase } from "../../functions/stripe-cryptlex/purchase.ts";
import { itemWith, purchaseWith, said, sessionWith } from "./builders/purchase_with.ts";
import { createPurchaseAtWork } from "./builders/purchase_at_work.ts";

const session = purchaseWith({
  email: said("ada@example.com"),
  sessions: { cs_1: sessionWith() },
});

function paidUntil(date: string): Purchase {
  const paidThrough = Date.parse(`${date}T10:00:00Z`) / 1000;
  return { ...session, items: { si_1: itemWith({}, { paidThrough }) } };
}

/** What is sold here are months, the first from 2 November on. */
function createSale(graceDays: number) {
  const purchase = createPurchaseAtWork({
    purchaseId: "sub_1",
    catalog: { plans: [], hasPlans: false, productId: "product-a" },
    products: ["product-a"],
    graceDays,
  });
  return { ...purchase, until: () => purchase.licenses().map(([, date]) => date) };
}

Deno.test("a session's license is dated by the template, then aligned once, then renewed", async () => {
  const sale = createSale(3);
  assert.deepEqual(await sale.know(session), ["create_user", "create_license"]);
  assert.deepEqual(sale.until(), ["2026-12-02"]);
  assert.deepEqual(await sale.know(paidUntil("2026-12-02")), ["set_expires_at"]);
  assert.deepEqual(sale.until(), ["2026-12-05"]);
  assert.deepEqual(await sale.know(paidUntil("2027-01-02")), ["renew_license"]);
  assert.deepEqual(sale.until(), ["2027-01-05"]);
});

Deno.test("a first invoice's license is dated at once", async () => {
  const sale = createSale(3);
  assert.deepEqual(await sale.know(paidUntil("2026-12-02")), ["create_user", "create_license"]);
  assert.deepEqual(sale.until(), ["2026-12-05"]);
  assert.deepEqual(await sale.know(paidUntil("2027-01-02")), ["renew_license"]);
});

Deno.test("a renewal that misses by days is put right with a second call", async () => {
  const sale = createSale(0);
  await sale.know(paidUntil("2027-02-28"));
  assert.deepEqual(await sale.know(paidUntil("2027-03-31")), ["renew_license", "set_expires_at"]);
  assert.deepEqual(sale.until(), ["2027-03-31"]);
});

Deno.test("an operator's later date stands, and paid time beyond it counts", async () => {
  const sale = createSale(3);
  await sale.know(paidUntil("2026-12-02"));
  sale.move("2027-06-01");
  assert.deepEqual(await sale.know(paidUntil("2027-01-02")), []);
  await sale.know(paidUntil("2027-06-02"));
  assert.deepEqual(sale.until(), ["2027-06-05"]);
});

Deno.test("a template's date that is right already counts as aligned", async () => {
  const sale = createSale(0);
  await sale.know(session);
  assert.deepEqual(await sale.know(paidUntil("2026-12-02")), []);
  sale.move("2027-06-01");
  assert.deepEqual(await sale.know(paidUntil("2026-12-02")), [], "the operator's date stands");
});

Deno.test("after a template's date that was right already a renewal is a renewal", async () => {
  const sale = createSale(0);
  await sale.know(session);
  await sale.know(paidUntil("2026-12-02"));
  assert.deepEqual(await sale.know(paidUntil("2027-01-02")), ["renew_license"]);
});
