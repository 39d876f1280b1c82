import assert from "node:assert/strict";
import { createStripeShop } from "../../../tools/stripe_sandbox/stripe_shop.ts";
import type { SubscribeOptions } from "../../../tools/stripe_sandbox/subscription_opening.ts";
import { at, iso, linesOf, objectOf, periodOf } from "./payload.ts";

const startedAt = new Date("2027-01-31T10:00:00Z");
const monthly = { amount: 2900, interval: "month" } as const;

function subscribe(options: Partial<SubscribeOptions> = {}) {
  return createStripeShop().subscribe({
    email: "ada@example.com",
    name: "Ada Lovelace",
    price: monthly,
    startedAt,
    ...options,
  });
}

Deno.test("the session names subscription, customer and first invoice, and comes before its event", () => {
  const subscription = subscribe({ sessionMetadata: { plan: "pro" } });
  const event = subscription.checkoutCompleted();
  const session = objectOf(event);
  assert.equal(event.type, "checkout.session.completed");
  assert.equal(session.id, subscription.sessionId);
  assert.equal(session.subscription, subscription.id);
  assert.equal(session.customer, subscription.customer.id);
  assert.equal(session.invoice, objectOf(subscription.firstInvoicePaid()).id);
  assert.equal(session.mode, "subscription");
  assert.equal(session.payment_status, "paid");
  assert.equal(session.payment_intent, null);
  assert.equal(session.amount_total, 2900);
  assert.deepEqual(session.metadata, { plan: "pro" });
  assert.equal(at(session, "customer_details.email"), "ada@example.com");
  assert.equal(at(session, "customer_details.name"), "Ada Lovelace");
  assert.equal(session.line_items, undefined);
  assert.ok(Number(session.created) < event.created);
});

Deno.test("the first invoice pays the first period from the start on", () => {
  const subscription = subscribe();
  const event = subscription.firstInvoicePaid();
  const invoice = objectOf(event);
  const [line] = linesOf(event);
  assert.equal(event.type, "invoice.paid");
  assert.equal(invoice.billing_reason, "subscription_create");
  assert.equal(invoice.status, "paid");
  assert.equal(iso(invoice.created), "2027-01-31T10:00:00Z");
  assert.equal(invoice.customer_email, "ada@example.com");
  assert.equal(invoice.customer_name, "Ada Lovelace");
  assert.equal(invoice.amount_paid, 2900);
  assert.deepEqual(periodOf(line), ["2027-01-31T10:00:00Z", "2027-02-28T10:00:00Z"]);
});

Deno.test("renewals are created as their period begins and paid an hour later", () => {
  const subscription = subscribe();
  const event = subscription.renewalPaid(2);
  const invoice = objectOf(event);
  assert.equal(invoice.billing_reason, "subscription_cycle");
  assert.equal(iso(invoice.created), "2027-03-31T10:00:00Z");
  assert.deepEqual(linesOf(event).map(periodOf), [
    ["2027-03-31T10:00:00Z", "2027-04-30T10:00:00Z"],
  ]);
  assert.equal(iso(invoice.period_start), "2027-02-28T10:00:00Z");
  assert.equal(iso(invoice.period_end), "2027-03-31T10:00:00Z");
  const late = event.created - Number(invoice.created);
  assert.ok(late >= 3600 && late < 3700, `${late}`);
});

Deno.test("a renewal paid late says so and bills the same period", () => {
  const paidAt = new Date("2027-03-09T12:00:00Z");
  const event = subscribe().renewalPaid(1, { paidAt });
  assert.equal(iso(at(objectOf(event), "status_transitions.paid_at")), "2027-03-09T12:00:00Z");
  assert.ok(event.created * 1000 >= paidAt.getTime());
  assert.deepEqual(linesOf(event).map(periodOf), [
    ["2027-02-28T10:00:00Z", "2027-03-31T10:00:00Z"],
  ]);
});

Deno.test("the end of a period is where the next renewal begins", () => {
  const subscription = subscribe();
  assert.equal(subscription.periodEnd(0).toISOString(), "2027-02-28T10:00:00.000Z");
  for (const n of [1, 2, 3, 14]) {
    const [line] = linesOf(subscription.renewalPaid(n));
    assert.equal(Number(at(line, "period.start")) * 1000, subscription.periodEnd(n - 1).getTime());
    assert.equal(Number(at(line, "period.end")) * 1000, subscription.periodEnd(n).getTime());
  }
});

Deno.test("every event of a subscription is another event and every invoice another invoice", () => {
  const subscription = subscribe();
  const events = [
    subscription.checkoutCompleted(),
    subscription.firstInvoicePaid(),
    subscription.renewalPaid(1),
    subscription.renewalPaid(2),
    subscription.customer.created(),
  ];
  assert.equal(new Set(events.map((event) => event.id)).size, 5);
  assert.equal(new Set(events.map((event) => objectOf(event).id)).size, 5);
});

Deno.test("an invoice names a payment only when something was due", () => {
  const shop = createStripeShop({ shape: "acacia" });
  const subscription = shop.subscribe({ price: monthly, startedAt, trialDays: 14 });
  assert.equal(objectOf(subscription.firstInvoicePaid()).payment_intent, null);
  assert.match(String(objectOf(subscription.renewalPaid(1)).payment_intent), /^pi_3/);
});

Deno.test("an unpaid session is settled days later, and only then is its invoice paid", () => {
  const subscription = subscribe({ paymentStatus: "unpaid" });
  const completed = subscription.checkoutCompleted();
  const succeeded = subscription.asyncPaymentSucceeded();
  assert.equal(objectOf(completed).payment_status, "unpaid");
  assert.equal(objectOf(succeeded).payment_status, "paid");
  assert.ok(succeeded.created - completed.created > 86_400);
  assert.ok(subscription.firstInvoicePaid().created - completed.created > 86_400);
});

Deno.test("a customer given is used, and what the buyer typed stands in the session", () => {
  const shop = createStripeShop();
  const customer = shop.customer({ email: "billing@example.com", name: "Analytical Engines" });
  const subscription = shop.subscribe({
    customer,
    email: "ada@example.com",
    price: monthly,
    startedAt,
  });
  const session = objectOf(subscription.checkoutCompleted());
  assert.equal(session.customer, customer.id);
  assert.equal(at(session, "customer_details.email"), "ada@example.com");
  assert.equal(at(session, "customer_details.name"), "Analytical Engines");
  assert.equal(objectOf(subscription.firstInvoicePaid()).customer_email, "billing@example.com");
});

Deno.test("renewals count from one, and a subscription has one anchor", () => {
  assert.throws(() => subscribe().renewalPaid(0), RangeError);
  assert.throws(() => subscribe().renewalPaid(1.5), RangeError);
  assert.throws(() => subscribe({ trialDays: 7, anchorDay: 1 }), TypeError);
});
