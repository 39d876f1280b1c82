import assert from "node:assert/strict";
import { createStripeShop } from "../../tools/stripe_sandbox/stripe_shop.ts";
import { bent } from "./builders/bent.ts";
import { factsOf, reasonOf } from "./builders/facts_of.ts";

const shop = createStripeShop();
const monthly = { amount: 1000, interval: "month" } as const;
const subscription = shop.subscribe({
  price: monthly,
  email: "ada@example.com",
  name: "Ada Lovelace",
  sessionMetadata: { CRYPTLEX_PRODUCT_ID: "product-a" },
});

function paymentOf(event: { data: { object: Record<string, unknown> } }) {
  return factsOf(event).facts.sessions[String(event.data.object.id)]?.payment;
}

Deno.test("a session names buyer, subscription and invoice, and what it sells", () => {
  const event = subscription.checkoutCompleted();
  const { at, by } = { at: event.created, by: event.id };
  const facts = factsOf(event);
  assert.deepEqual(facts.stripeIds.slice(0, 2), [subscription.id, subscription.sessionId]);
  assert.equal(facts.stripeIds[2], event.data.object.invoice);
  assert.equal(facts.customerId, subscription.customer.id);
  assert.equal(facts.opensSale, true);
  assert.deepEqual(facts.facts.customerId, { value: subscription.customer.id, at, by });
  assert.deepEqual(facts.facts.email, { value: "ada@example.com", at, by });
  assert.deepEqual(facts.facts.name, { value: "Ada Lovelace", at, by });
  assert.deepEqual(facts.facts.sessions, {
    [subscription.sessionId]: {
      payment: "paid",
      completed: true,
      amountTotal: 1000,
      lines: null,
      terms: {
        value: { productId: "product-a", licenseTemplateId: null, entitlementSetId: null },
        at,
        by,
      },
    },
  });
  assert.deepEqual(facts.facts.items, {}, "a session's event lists nothing");
});

Deno.test("both payload shapes of a session say the same", () => {
  const [basil, acacia] = (["basil", "acacia"] as const).map((shape) => {
    const shop = createStripeShop({ shape });
    const bought = shop.subscribe({ price: monthly, email: "ada@example.com" });
    const order = shop.buy({ amount: 100, paymentStatus: "paid", withInvoice: true });
    return [factsOf(bought.checkoutCompleted()), factsOf(order.completed())];
  });
  assert.deepEqual(basil, acacia);
});

Deno.test("expanded objects are as good as their ids", () => {
  const event = subscription.checkoutCompleted();
  const order = shop.buy({ amount: 100, paymentStatus: "paid", withInvoice: true }).completed();
  for (const plain of [event, order]) {
    for (const field of ["subscription", "customer", "invoice", "payment_intent"]) {
      const id = plain.data.object[field];
      if (id === null) continue;
      const expanded = bent(plain, field, { id, object: field, email: "other@example.com" });
      assert.deepEqual(factsOf(expanded), factsOf(plain));
    }
  }
});

Deno.test("an order is named by its payment, a free one by its session", () => {
  const order = shop.buy({ amount: 100, paymentStatus: "paid" });
  assert.deepEqual(factsOf(order.completed()).stripeIds, [order.id, order.sessionId]);
  const free = shop.buy({ amount: 100, paymentStatus: "no_payment_required" });
  assert.deepEqual(factsOf(free.completed()).stripeIds, [free.sessionId]);
});

Deno.test("money counts, not completion: paid, free, under way", () => {
  const completed = (paymentStatus: "paid" | "unpaid" | "no_payment_required") =>
    paymentOf(shop.buy({ amount: 100, paymentStatus }).completed());
  assert.equal(completed("paid"), "paid");
  assert.equal(completed("no_payment_required"), "paid");
  assert.equal(completed("unpaid"), "unpaid");
  assert.equal(
    paymentOf(shop.subscribe({ price: monthly, trialDays: 14 }).checkoutCompleted()),
    "paid",
  );
});

Deno.test("a delayed payment's outcome comes later and is no completion", () => {
  const order = shop.buy({ amount: 100, paymentStatus: "unpaid" });
  const succeeded = factsOf(order.asyncPaymentSucceeded());
  const failed = factsOf(order.asyncPaymentFailed());
  assert.equal(paymentOf(order.asyncPaymentSucceeded()), "paid");
  assert.equal(paymentOf(order.asyncPaymentFailed()), "failed");
  assert.equal(succeeded.facts.sessions[order.sessionId]?.completed, false);
  assert.equal(succeeded.opensSale, true);
  assert.equal(failed.opensSale, false);
});

Deno.test("a setup session is ignored: nothing was sold", () => {
  assert.match(reasonOf(shop.setup({ email: "ada@example.com" }).completed(), "ignored"), /setup/);
});

Deno.test("an unknown mode is parked, naming the field and not its value", () => {
  const reason = reasonOf(bent(subscription.checkoutCompleted(), "mode", "barter"), "parked");
  assert.match(reason, /mode/);
  assert.doesNotMatch(reason, /barter/);
});

Deno.test("a subscription's session without the subscription is parked", () => {
  for (const missing of [undefined, null]) {
    const event = bent(subscription.checkoutCompleted(), "subscription", missing);
    assert.match(reasonOf(event, "parked"), /subscription/);
  }
});

Deno.test("what the buyer typed wins over what the merchant prefilled", () => {
  const event = bent(subscription.checkoutCompleted(), "customer_email", "prefilled@example.com");
  assert.equal(factsOf(event).facts.email?.value, "ada@example.com");
  const untyped = bent(event, "customer_details", null);
  assert.equal(factsOf(untyped).facts.email?.value, "prefilled@example.com");
  assert.equal(factsOf(untyped).facts.name, null);
});

Deno.test("asked for both, Checkout tells a business from its person", () => {
  const order = shop.buy({
    amount: 100,
    paymentStatus: "paid",
    businessName: "Engines Ltd",
    individualName: "Ada",
  });
  const { facts } = factsOf(bent(order.completed(), "customer_details.name", "Engines Ltd"));
  assert.deepEqual([facts.name?.value, facts.company?.value], ["Ada", "Engines Ltd"]);
});

Deno.test("what was to be paid is known, a free order's nothing too", () => {
  const total = (event: Parameters<typeof factsOf>[0] & { data: { object: { id?: unknown } } }) =>
    factsOf(event).facts.sessions[String(event.data.object.id)]?.amountTotal;
  assert.equal(total(shop.buy({ amount: 9900, paymentStatus: "paid" }).completed()), 9900);
  const free = shop.buy({ amount: 9900, paymentStatus: "no_payment_required" }).completed();
  assert.equal(total(free), 0);
  assert.equal(total(bent(free, "amount_total", null)), null);
});

Deno.test("a blank e-mail or name is none", () => {
  const event = subscription.checkoutCompleted();
  const blank = bent(event, "customer_details", { email: " ", name: "  " });
  assert.equal(factsOf(blank).facts.email, null);
  assert.equal(factsOf(blank).facts.name, null);
});

Deno.test("metadata emptied in the Dashboard names nothing", () => {
  for (const metadata of [null, {}, { CRYPTLEX_PRODUCT_ID: "  " }]) {
    const event = bent(subscription.checkoutCompleted(), "metadata", metadata);
    assert.equal(factsOf(event).facts.sessions[subscription.sessionId]?.terms.value, null);
  }
});
