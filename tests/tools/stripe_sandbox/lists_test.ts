import assert from "node:assert/strict";
import Stripe from "stripe";
import { serveStripe } from "../../../tools/stripe_sandbox/serve_stripe.ts";
import { createStripeShop } from "../../../tools/stripe_sandbox/stripe_shop.ts";
import { clientOf, middle, monthly, refusal, served, startedAt } from "./served_shop.ts";

served("lists come newest first, page by page, and say when there is more", async (stage) => {
  const { shop, stripe } = stage;
  const sold = Array.from({ length: 5 }, (_, n) =>
    shop.subscribe({
      price: monthly,
      startedAt: new Date(startedAt.getTime() + n * 1000),
    }));
  const newestFirst = sold.map(({ id }) => id).reverse();
  const first = await stripe.subscriptions.list({ limit: 3 });
  assert.deepEqual(first.data.map(({ id }) => id), newestFirst.slice(0, 3));
  assert.equal(first.has_more, true);
  const rest = await stripe.subscriptions.list({
    limit: 3,
    starting_after: first.data.at(-1)?.id ?? "",
  });
  assert.deepEqual(rest.data.map(({ id }) => id), newestFirst.slice(3));
  assert.equal(rest.has_more, false);
  assert.deepEqual(
    (await stripe.subscriptions.list({ created: { gt: startedAt.getTime() / 1000 + 3 } })).data
      .map(({ id }) => id),
    newestFirst.slice(0, 1),
  );
});

served("an ended subscription is listed only to who asks for it", async ({ shop, stripe }) => {
  const ended = shop.subscribe({ price: monthly, startedAt });
  const living = shop.subscribe({ price: monthly, startedAt });
  ended.canceled({ at: new Date(startedAt.getTime() + 1000) });
  const ids = async (query: Stripe.SubscriptionListParams) =>
    (await stripe.subscriptions.list(query)).data.map(({ id }) => id);
  assert.deepEqual(await ids({}), [living.id]);
  assert.deepEqual(await ids({ status: "all" }), [living.id, ended.id]);
  assert.deepEqual(await ids({ status: "canceled" }), [ended.id]);
  assert.deepEqual(await ids({ status: "all", customer: ended.customer.id }), [ended.id]);
});

served("invoices are listed by subscription and status, with what paid them", async (stage) => {
  const { shop, stripe } = stage;
  const subscription = shop.subscribe({ price: monthly, startedAt });
  const trial = shop.subscribe({ price: monthly, startedAt, trialDays: 7 });
  for (const one of [subscription, trial]) one.firstInvoicePaid();
  const expand = ["data.payments"];
  const list = (query: Stripe.InvoiceListParams) => stripe.invoices.list({ ...query, expand });
  const [paid, ...others] = (await list({ subscription: subscription.id, status: "paid" })).data;
  assert.deepEqual(others, []);
  assert.equal(
    paid?.payments?.data[0]?.payment.payment_intent,
    subscription.payment(0).paymentIntent,
  );
  const [free] = (await list({ subscription: trial.id })).data;
  assert.deepEqual([free?.total, free?.payments?.data.length], [0, 0]);
  assert.equal((await list({})).data.length, 2);
  assert.deepEqual((await list({ status: "open" })).data, []);
});

served("sessions, refunds and disputes are listed by what they are about", async (stage) => {
  const { shop, stripe } = stage;
  const order = shop.buy({ amount: 100, price: "price_a", paymentStatus: "paid", at: startedAt });
  const subscription = shop.subscribe({ price: monthly, startedAt });
  const payment = order.payment();
  const refund = payment.refund({ at: startedAt, amount: 40 });
  const dispute = payment.dispute({ at: startedAt });
  const [session] = (await stripe.checkout.sessions.list({
    payment_intent: order.id,
    expand: ["data.line_items"],
  })).data;
  assert.equal(session?.line_items?.data[0]?.price?.id, "price_a");
  const [opened] = (await stripe.checkout.sessions.list({ subscription: subscription.id })).data;
  assert.equal(opened?.id, subscription.sessionId);
  assert.equal((await stripe.checkout.sessions.list({ status: "open" })).data.length, 0);
  const [refunded] = (await stripe.refunds.list({ expand: ["data.charge"] })).data;
  assert.equal(refunded?.id, refund.id);
  assert.ok(typeof refunded?.charge === "object" && refunded.charge?.amount_refunded === 40);
  assert.deepEqual(
    (await stripe.disputes.list({ payment_intent: order.id })).data.map(({ id }) => id),
    [dispute.id],
  );
  const unknown = stripe.refunds.list({ customer: "cus_1" } as Stripe.RefundListParams);
  assert.equal((await refusal(unknown)).statusCode, 400);
});

Deno.test("events that no endpoint took can be asked for", async () => {
  const shop = createStripeShop({ now: startedAt });
  const subscription = shop.subscribe({ price: monthly, startedAt });
  const [taken, lost] = [subscription.subscriptionCreated(), subscription.firstInvoicePaid()];
  const server = serveStripe({
    shops: [shop],
    key: "rk_test_sandbox",
    now: () => middle,
    isDelivered: ({ id }) => id === taken.id,
  });
  try {
    const events = clientOf(server).events;
    const ids = async (query: Stripe.EventListParams) =>
      (await events.list(query)).data.map(({ id }) => id);
    assert.deepEqual(await ids({ delivery_success: false }), [lost.id]);
    assert.deepEqual(await ids({ delivery_success: true }), [taken.id]);
    assert.equal((await ids({})).length, 2);
  } finally {
    await server.shutdown();
  }
});
