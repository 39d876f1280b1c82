import assert from "node:assert/strict";
import { createStripeShop } from "../../../tools/stripe_sandbox/stripe_shop.ts";
import { at, objectOf } from "./payload.ts";

const may = new Date("2026-05-01T00:00:00Z");
const price = { amount: 2900, interval: "month" } as const;

Deno.test("an updated customer tells what it was, and is so from then on", () => {
  const shop = createStripeShop();
  const customer = shop.customer({ email: "ada@example.com", name: "Ada" });
  const change = { at: may, email: "ada@lovelace.example", businessName: "Engines" };
  const event = customer.updated(change);
  assert.equal(event.type, "customer.updated");
  assert.equal(event.created, may.getTime() / 1000);
  assert.deepEqual(event.data.previous_attributes, {
    email: "ada@example.com",
    business_name: null,
  });
  assert.equal(objectOf(event).email, "ada@lovelace.example");
  assert.equal(objectOf(event).business_name, "Engines");
  assert.deepEqual(customer.updated(change), event);
  assert.equal(objectOf(customer.created()).email, "ada@example.com");
  assert.equal(objectOf(customer.deleted()).email, "ada@lovelace.example");
});

Deno.test("an invoice keeps the customer's e-mail of its own day", () => {
  const shop = createStripeShop();
  const customer = shop.customer({ email: "ada@example.com" });
  const subscription = shop.subscribe({ customer, price, startedAt: new Date("2026-04-15") });
  customer.updated({ at: may, email: "new@example.com" });
  assert.equal(objectOf(subscription.firstInvoicePaid()).customer_email, "ada@example.com");
  assert.equal(objectOf(subscription.renewalPaid(1)).customer_email, "new@example.com");
});

Deno.test("names the checkout asks for stand in the session and at the customer, only if given", () => {
  const shop = createStripeShop();
  const names = { businessName: "Engines", individualName: "Ada Lovelace" };
  const subscription = shop.subscribe({ ...names, price });
  const session = objectOf(subscription.checkoutCompleted());
  const order = shop.buy({ ...names, amount: 100, paymentStatus: "paid" });
  for (const details of [session, objectOf(order.completed())]) {
    assert.equal(at(details, "customer_details.business_name"), "Engines");
    assert.equal(at(details, "customer_details.individual_name"), "Ada Lovelace");
  }
  assert.equal(at(session, "collected_information.business_name"), "Engines");
  assert.equal(objectOf(subscription.customer.created()).individual_name, "Ada Lovelace");
  const plain = objectOf(shop.subscribe({ price }).checkoutCompleted());
  assert.equal(at(plain, "customer_details.business_name"), undefined);
});
