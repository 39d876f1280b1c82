import assert from "node:assert/strict";
import {
  belongsTo,
  itemOf,
  licenseMetadata,
  searchedIds,
  slotOf,
} from "../../functions/stripe-cryptlex/license_metadata.ts";
import { licenseShown } from "./builders/license_shown.ts";
import { purchaseWith, sessionWith } from "./builders/purchase_with.ts";

const purchase = purchaseWith({ sessions: { cs_2: sessionWith(), cs_1: sessionWith() } });

function writtenOf(purchaseId: string, itemId: string | null = null) {
  const entries = licenseMetadata(purchaseId, { purchase, slot: "product-a/1", itemId });
  return entries.map(({ key, value }) => `${key}=${value}`);
}

Deno.test("a subscription's license carries both names Cryptlex knows it by, and its slot", () => {
  assert.deepEqual(writtenOf("sub_1", "si_1"), [
    "SUBSCRIPTION_ID_KEY=sub_1",
    "stripe_subscription_id=sub_1",
    "stripe_cryptlex_slot=product-a/1",
    "stripe_item_id=si_1",
  ]);
});

Deno.test("a one-time license carries its payment and its sessions", () => {
  assert.deepEqual(writtenOf("pi_1"), [
    "stripe_transaction_id=pi_1",
    "stripe_checkout_session_id=cs_1",
    "stripe_checkout_session_id=cs_2",
    "stripe_cryptlex_slot=product-a/1",
  ]);
  assert.deepEqual(writtenOf("cs_1"), [
    "stripe_checkout_session_id=cs_1",
    "stripe_checkout_session_id=cs_2",
    "stripe_cryptlex_slot=product-a/1",
  ]);
});

Deno.test("an invoice's license carries the invoice and its line", () => {
  const entries = licenseMetadata("in_1", {
    purchase: purchaseWith(),
    slot: "product-a/1",
    itemId: "il_1",
  });
  assert.deepEqual(entries.map(({ value }) => value), ["in_1", "product-a/1", "il_1"]);
  assert.equal(entries[0]?.key, "stripe_invoice_id");
});

Deno.test("a search asks for the purchase and, of a one-time one, its sessions", () => {
  assert.deepEqual(searchedIds(["sub_1"], purchase), ["sub_1"]);
  assert.deepEqual(searchedIds(["pi_1"], purchase), ["pi_1", "cs_1", "cs_2"]);
  assert.deepEqual(searchedIds(["cs_1"], purchase), ["cs_1", "cs_2"]);
});

Deno.test("a search asks for every lesser id the purchase was known by", () => {
  assert.deepEqual(searchedIds(["sub_1", "pi_1", "in_1", "cus_1"], purchase), [
    "sub_1",
    "pi_1",
    "in_1",
  ]);
  assert.deepEqual(searchedIds(["pi_1", "cs_1"], purchase), ["pi_1", "cs_1", "cs_2"]);
});

Deno.test("what is no id of a sale is never searched for", () => {
  for (const id of ["cus_1", "subscription_empty", "", "sub", "evt_1"]) {
    assert.deepEqual(searchedIds([id], purchaseWith()), []);
  }
});

Deno.test("a license belongs to a purchase by an id under a key meant for it", () => {
  const named = [
    { SUBSCRIPTION_ID_KEY: "sub_1" },
    { stripe_subscription_id: "sub_1" },
    { subscription_id: "sub_1" },
    { note: "x", stripe_transaction_id: "pi_1" },
    { stripe_checkout_session_id: "cs_1" },
    { stripe_invoice_id: "in_1" },
  ];
  for (const metadata of named) {
    assert.equal(belongsTo(licenseShown(metadata), ["sub_1", "pi_1", "cs_1", "in_1"]), true);
  }
});

Deno.test("neither key nor value alone, nor on two entries, make it belong", () => {
  const others: Record<string, string>[] = [
    {},
    { note: "sub_1" },
    { stripe_transaction_id: "sub_1" },
    { stripe_subscription_id: "sub_2" },
    { stripe_subscription_id: "sub_11" },
    { stripe_subscription_id: "sub_2", note: "sub_1" },
    { stripe_cryptlex_slot: "sub_1" },
  ];
  for (const metadata of others) {
    assert.equal(belongsTo(licenseShown(metadata), ["sub_1"]), false, JSON.stringify(metadata));
  }
});

Deno.test("what Cryptlex's script wrote for no subscription belongs to nobody", () => {
  const license = licenseShown({ stripe_subscription_id: "subscription_empty" });
  assert.equal(belongsTo(license, ["subscription_empty", "sub_1"]), false);
});

Deno.test("what is written is found again", () => {
  for (const purchaseId of ["sub_1", "pi_1", "cs_1", "in_1"]) {
    const metadata = licenseMetadata(purchaseId, { purchase, slot: "product-a/2", itemId: "si_1" });
    const license = licenseShown({}, { metadata: [...metadata] });
    assert.equal(belongsTo(license, searchedIds([purchaseId], purchase)), true);
    assert.equal(slotOf(license), "product-a/2");
    assert.equal(itemOf(license), "si_1");
  }
});

Deno.test("a license of somebody else's has neither slot nor item", () => {
  assert.equal(slotOf(licenseShown({ stripe_subscription_id: "sub_1" })), null);
  assert.equal(itemOf(licenseShown()), null);
});
