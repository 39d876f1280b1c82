import assert from "node:assert/strict";
import type { PayloadShape } from "../../../tools/stripe_sandbox/stripe_event.ts";
import { createStripeShop } from "../../../tools/stripe_sandbox/stripe_shop.ts";
import { at, linesOf, objectOf } from "./payload.ts";

const monthly = {
  price: "price_month",
  product: "prod_app",
  amount: 2900,
  interval: "month",
  metadata: { tier: "pro" },
} as const;
const middle = new Date("2026-06-16T00:00:00Z");

function history(shape: PayloadShape) {
  const shop = createStripeShop({ shape });
  const subscription = shop.subscribe({
    email: "ada@example.com",
    price: monthly,
    startedAt: new Date("2026-06-01T00:00:00Z"),
    subscriptionMetadata: { CRYPTLEX_PRODUCT_ID: "p", seat: "1" },
    lineMetadata: { seat: "2" },
  });
  const byHand = shop.invoice({
    email: "ada@example.com",
    lines: [{ price: "price_once", product: "prod_app", amount: 500, metadata: { a: "b" } }],
    metadata: { CRYPTLEX_PRODUCT_ID: "p" },
  });
  return {
    subscription,
    session: subscription.checkoutCompleted(),
    invoices: [
      subscription.firstInvoicePaid(),
      subscription.changePrice({
        to: { ...monthly, price: "price_dear", amount: 5900 },
        at: middle,
        prorationBehavior: "always_invoice",
      }),
      subscription.renewalPaid(1),
      byHand.paid(),
    ],
  };
}

const basil = history("basil");
const acacia = history("acacia");

Deno.test("both shapes carry the same facts, each in its places", () => {
  const facts = (places: Record<string, string>, events: typeof basil.invoices) =>
    events.map((event) => ({
      subscription: at(objectOf(event), places.subscription ?? "") ?? null,
      metadata: at(objectOf(event), places.metadata ?? "") ?? null,
      lines: linesOf(event).map((line) => ({
        price: at(line, places.price ?? ""),
        product: at(line, places.product ?? ""),
        item: at(line, places.item ?? "") ?? null,
        proration: at(line, places.proration ?? "") ?? false,
      })),
    }));
  const item = "parent.subscription_item_details";
  const today = facts({
    subscription: "parent.subscription_details.subscription",
    metadata: "parent.subscription_details.metadata",
    price: "pricing.price_details.price",
    product: "pricing.price_details.product",
    item: `${item}.subscription_item`,
    proration: `${item}.proration`,
  }, basil.invoices);
  const before = facts({
    subscription: "subscription",
    metadata: "subscription_details.metadata",
    price: "price.id",
    product: "price.product",
    item: "subscription_item",
    proration: "proration",
  }, acacia.invoices);

  assert.deepEqual(today, before);
  assert.equal(today[0]?.subscription, basil.subscription.id);
  assert.equal(today[0]?.lines[0]?.item, basil.subscription.itemIds[0]);
  assert.deepEqual(today[1]?.lines.map((line) => line.price), ["price_month", "price_dear"]);
  assert.deepEqual(today[1]?.lines.map((line) => line.proration), [true, true]);
  assert.equal(today[3]?.subscription, null);
});

Deno.test("what is not moved is the same in both", () => {
  const same = [
    "id",
    "billing_reason",
    "status",
    "customer",
    "customer_email",
    "created",
    "period_start",
    "period_end",
    "amount_paid",
    "metadata",
  ];
  const sameOfLine = ["id", "amount", "currency", "period", "quantity", "metadata"];
  const pick = (history: typeof basil) =>
    history.invoices.map((event) => ({
      type: event.type,
      created: event.created,
      invoice: same.map((path) => at(objectOf(event), path)),
      lines: linesOf(event).map((line) => sameOfLine.map((path) => at(line, path))),
    }));
  assert.deepEqual(pick(basil), pick(acacia));
  assert.equal(pick(basil).flatMap(({ invoice }) => invoice).includes(undefined), false);
});

Deno.test("neither shape has the other's places", () => {
  for (const event of basil.invoices) {
    assert.equal("subscription" in objectOf(event), false);
    assert.equal("payment_intent" in objectOf(event), false);
    assert.equal("payments" in objectOf(event), false);
    for (const line of linesOf(event)) {
      const names = ["price", "plan", "subscription", "subscription_item", "proration", "type"];
      assert.deepEqual(names.filter((name) => name in line), []);
    }
  }
  for (const event of acacia.invoices) {
    assert.equal("parent" in objectOf(event), false);
    for (const line of linesOf(event)) {
      assert.equal("parent" in line || "pricing" in line, false);
    }
  }
});

Deno.test("old invoices name their payment, and their lines tell prorations by type", () => {
  const [first, update, , byHand] = acacia.invoices;
  assert.match(String(at(first?.data.object, "payment_intent")), /^pi_3/);
  assert.deepEqual(first && linesOf(first).map((line) => line.type), ["subscription"]);
  assert.deepEqual(update && linesOf(update).map((line) => line.type), [
    "invoiceitem",
    "invoiceitem",
  ]);
  assert.deepEqual(byHand && linesOf(byHand).map((line) => line.type), ["invoiceitem"]);
  assert.deepEqual(at(first && linesOf(first)[0], "price.metadata"), { tier: "pro" });
});

Deno.test("lines carry the subscription's metadata with their own laid over it", () => {
  for (const event of basil.invoices.slice(0, 3)) {
    for (const line of linesOf(event)) {
      assert.deepEqual(line.metadata, { CRYPTLEX_PRODUCT_ID: "p", seat: "2" });
    }
    assert.deepEqual(at(objectOf(event), "parent.subscription_details.metadata"), {
      CRYPTLEX_PRODUCT_ID: "p",
      seat: "1",
    });
  }
});

Deno.test("sessions of both shapes differ in nothing we could read", () => {
  const { collected_information: _new, ...today } = objectOf(basil.session);
  const { shipping_details: _old, ...before } = objectOf(acacia.session);
  assert.deepEqual(today, before);
});
