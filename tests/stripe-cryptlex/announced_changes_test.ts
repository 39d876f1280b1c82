// A change that is written down first, and what may happen before it is made.

import assert from "node:assert/strict";
import { itemWith, purchaseWith, said, snapshotWith } from "./builders/purchase_with.ts";
import { createPurchaseAtWork } from "./builders/purchase_at_work.ts";

const items = { si_1: itemWith() };
const is = (status: "active" | "unpaid", at: number) =>
  purchaseWith({
    email: said("ada@example.com"),
    items,
    subscriptionTerms: said(null),
    subscription: said(snapshotWith({ si_1: {} }, { status }), { at }),
  });

async function sold() {
  const at = createPurchaseAtWork({
    purchaseId: "sub_1",
    catalog: { plans: [], hasPlans: false, productId: "product-a" },
    products: ["product-a"],
  });
  assert.deepEqual(await at.know(is("active", 1)), ["create_user", "create_license"]);
  return at;
}

Deno.test("a change that is made right after it was announced needs no second look", async () => {
  const { know } = await sold();
  assert.deepEqual(await know(is("unpaid", 2)), ["get_license", "suspend_license"]);
});

Deno.test("a change that is made some time after it was announced is looked at again", async () => {
  const { know } = await sold();
  const calls = await know(is("unpaid", 2), () => {});
  assert.deepEqual(calls, ["get_license", "get_license", "suspend_license"]);
});

Deno.test("a license suspended by hand after that was announced stays suspended", async () => {
  const { know, cryptlex } = await sold();
  const calls = await know(is("unpaid", 2), () => {
    for (const { id } of cryptlex.licenses()) cryptlex.change(id, { suspended: true });
  });
  assert.deepEqual(calls, ["get_license", "get_license"]);
  await know(is("active", 3));
  assert.deepEqual(cryptlex.licenses().map(({ suspended }) => suspended), [true]);
});
