import assert from "node:assert/strict";
import { createStripeShop } from "../../../tools/stripe_sandbox/stripe_shop.ts";
import { at, linesOf, objectOf } from "./payload.ts";

const paid = {
  email: "ada@example.com",
  name: "Ada",
  amount: 4900,
  paymentStatus: "paid",
} as const;

Deno.test("a guest's paid order has a payment and no customer", () => {
  const order = createStripeShop().buy({ ...paid, metadata: { plan: "pro" } });
  const session = objectOf(order.completed());
  assert.match(order.id, /^pi_3/);
  assert.equal(session.payment_intent, order.id);
  assert.equal(session.id, order.sessionId);
  assert.equal(session.customer, null);
  assert.equal(session.invoice, null);
  assert.equal(at(session, "invoice_creation.enabled"), false);
  assert.equal(session.mode, "payment");
  assert.equal(session.amount_total, 4900);
  assert.equal(at(session, "customer_details.email"), "ada@example.com");
  assert.deepEqual(session.metadata, { plan: "pro" });
});

Deno.test("a free order has no payment and goes by its session", () => {
  const order = createStripeShop().buy({ ...paid, paymentStatus: "no_payment_required" });
  const session = objectOf(order.completed());
  assert.equal(order.id, order.sessionId);
  assert.match(order.id, /^cs_test_a1/);
  assert.equal(session.payment_intent, null);
  assert.equal(session.payment_status, "no_payment_required");
  assert.deepEqual([session.amount_subtotal, session.amount_total], [4900, 0]);
});

Deno.test("an unpaid order is followed by success or failure, days later", () => {
  const order = createStripeShop().buy({ ...paid, paymentStatus: "unpaid" });
  const completed = order.completed();
  const succeeded = order.asyncPaymentSucceeded();
  const failed = order.asyncPaymentFailed();
  assert.equal(succeeded.type, "checkout.session.async_payment_succeeded");
  assert.equal(failed.type, "checkout.session.async_payment_failed");
  assert.equal(objectOf(completed).payment_status, "unpaid");
  assert.equal(objectOf(succeeded).payment_status, "paid");
  assert.equal(objectOf(failed).payment_status, "unpaid");
  assert.equal(objectOf(succeeded).id, order.sessionId);
  assert.equal(objectOf(succeeded).created, objectOf(completed).created);
  assert.ok(succeeded.created - completed.created > 86_400);
});

Deno.test("a paid or free session has no later outcome", () => {
  const shop = createStripeShop();
  const free = shop.buy({ ...paid, paymentStatus: "no_payment_required" });
  assert.throws(() => shop.buy(paid).asyncPaymentSucceeded(), TypeError);
  assert.throws(() => free.asyncPaymentFailed(), TypeError);
});

Deno.test("with an invoice there is a customer, and the invoice carries no session metadata", () => {
  const order = createStripeShop({ shape: "acacia" }).buy({
    ...paid,
    price: "price_1",
    product: "prod_1",
    metadata: { plan: "pro" },
    withInvoice: true,
  });
  const session = objectOf(order.completed());
  const event = order.invoicePaid();
  const invoice = objectOf(event);
  const [line] = linesOf(event);
  assert.equal(session.invoice, order.invoiceId);
  assert.equal(at(session, "invoice_creation.enabled"), true);
  assert.equal(invoice.id, order.invoiceId);
  assert.equal(session.customer, invoice.customer);
  assert.equal(invoice.billing_reason, "manual");
  assert.equal(invoice.subscription, null);
  assert.equal(invoice.payment_intent, order.paymentIntentId);
  assert.equal(at(line, "price.id"), "price_1");
  assert.deepEqual(at(line, "price.metadata"), {});
  assert.deepEqual(invoice.metadata, {});
});

Deno.test("without an invoice none is paid", () => {
  const order = createStripeShop().buy(paid);
  assert.equal(order.invoiceId, null);
  assert.throws(() => order.invoicePaid(), TypeError);
});
