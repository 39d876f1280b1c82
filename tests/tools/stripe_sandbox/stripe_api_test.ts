import assert from "node:assert/strict";
import Stripe from "stripe";
import { middle, monthly, refusal, served, startedAt } from "./served_shop.ts";

served("a subscription is as of now, whatever shape its events have", async (stage) => {
  const { server, shop, stripe, setClock } = stage;
  const subscription = shop.subscribe({ price: monthly, startedAt });
  const to = { ...monthly, price: "price_dear", amount: 3000 };
  subscription.changePlan({ to, at: middle, prorationBehavior: "none" });
  subscription.updated({ at: new Date("2026-06-20T00:00:00Z"), cancelAtPeriodEnd: true });
  const read = () =>
    stripe.subscriptions.retrieve(subscription.id, { expand: ["items.data.price.product"] });

  setClock(new Date("2026-06-15T00:00:00Z"));
  const before = await read();
  const [item] = before.items.data;
  assert.deepEqual([item?.id, item?.price.id], [subscription.itemIds[0], "price_month"]);
  assert.equal(item?.current_period_end, Date.parse("2026-07-01T00:00:00Z") / 1000);
  assert.equal(before.cancel_at_period_end, false);
  const product = item?.price.product;
  assert.ok(product && typeof product === "object" && !product.deleted);
  assert.deepEqual([product.id, product.name, product.metadata], [
    "prod_app",
    "The App",
    { cryptlex_product_id: "p" },
  ]);
  const answer = await fetch(server.url);
  await answer.body?.cancel();
  assert.equal(answer.headers.get("date"), "Mon, 15 Jun 2026 00:00:00 GMT");

  setClock(new Date("2026-06-21T00:00:00Z"));
  const after = await read();
  assert.equal(after.items.data[0]?.price.id, "price_dear");
  assert.equal(after.cancel_at_period_end, true);

  setClock(new Date("2026-05-01T00:00:00Z"));
  assert.equal((await refusal(read())).code, "resource_missing");
});

served("what is not there is missing", async ({ stripe }) => {
  const error = await refusal(stripe.subscriptions.retrieve("sub_unknown"));
  assert.ok(error instanceof Stripe.errors.StripeInvalidRequestError);
  assert.equal(error.statusCode, 404);
  assert.equal(error.code, "resource_missing");
  assert.equal(error.message, "No such subscription: 'sub_unknown'");
  const lines = stripe.checkout.sessions.listLineItems("cs_test_unknown");
  assert.equal((await refusal(lines)).code, "resource_missing");
  assert.equal((await refusal(stripe.balance.retrieve())).statusCode, 404);
});

served("a session's lines come page by page, with their products", async ({ shop, stripe }) => {
  const order = shop.buy({
    paymentStatus: "paid",
    lines: Array.from({ length: 12 }, (_, index) => ({
      price: `price_${index}`,
      product: `prod_${index}`,
      amount: 100,
      quantity: index + 1,
      metadata: { line: `${index}` },
      priceMetadata: { price: `${index}` },
      productMetadata: { product: `${index}` },
    })),
  });
  const first = await stripe.checkout.sessions.listLineItems(order.sessionId, {
    expand: ["data.price.product"],
  });
  assert.deepEqual([first.data.length, first.has_more], [10, true]);
  const [, second] = first.data;
  assert.match(second?.id ?? "", /^li_/);
  assert.deepEqual([second?.quantity, second?.amount_total, second?.metadata], [
    2,
    200,
    { line: "1" },
  ]);
  assert.deepEqual(second?.price?.metadata, { price: "1" });
  const product = second?.price?.product;
  assert.ok(product && typeof product === "object" && !product.deleted);
  assert.deepEqual(product.metadata, { product: "1" });
  const rest = await stripe.checkout.sessions.listLineItems(order.sessionId, {
    starting_after: first.data.at(-1)?.id ?? "",
  });
  assert.deepEqual([rest.data.length, rest.has_more], [2, false]);
  const all = await stripe.checkout.sessions.listLineItems(order.sessionId, { limit: 5 })
    .autoPagingToArray({ limit: 100 });
  assert.equal(all.length, 12);
  const total = all.reduce((sum, line) => sum + line.amount_total, 0);
  const session = await stripe.checkout.sessions.retrieve(order.sessionId);
  assert.equal(session.amount_total, total);
  assert.equal(order.payment().amount, total);
});

served("one thing and a subscription's prices are lines too", async ({ shop, stripe }) => {
  const order = shop.buy({
    amount: 300,
    quantity: 3,
    price: "price_a",
    paymentStatus: "no_payment_required",
  });
  const [line] = (await stripe.checkout.sessions.listLineItems(order.sessionId)).data;
  assert.deepEqual([line?.quantity, line?.price?.unit_amount, line?.amount_total], [3, 100, 0]);
  const subscription = shop.subscribe({ price: { ...monthly, quantity: 2 }, startedAt });
  const [sold] = (await stripe.checkout.sessions.listLineItems(subscription.sessionId)).data;
  assert.deepEqual([sold?.quantity, sold?.amount_total, sold?.price?.recurring?.interval], [
    2,
    2000,
    "month",
  ]);
  assert.throws(() => shop.buy({ amount: 100, quantity: 3, paymentStatus: "paid" }), TypeError);
});

served("a payment leads to its invoice and the subscription behind", async (stage) => {
  const { shop, stripe } = stage;
  const subscription = shop.subscribe({
    price: monthly,
    startedAt,
    subscriptionMetadata: { plan: "pro" },
  });
  const payment = subscription.payment(0);
  const list = (paymentIntent: string) =>
    stripe.invoicePayments.list({
      payment: { type: "payment_intent", payment_intent: paymentIntent },
      expand: ["data.invoice"],
    });
  const { data: [joined] } = await list(payment.paymentIntent);
  assert.equal(joined?.payment.payment_intent, payment.paymentIntent);
  const invoice = joined?.invoice;
  assert.ok(invoice && typeof invoice === "object" && !invoice.deleted);
  assert.equal(invoice.id, payment.invoice);
  assert.equal(invoice.status, "paid");
  assert.equal(invoice.parent?.subscription_details?.subscription, subscription.id);
  assert.deepEqual(invoice.parent?.subscription_details?.metadata, { plan: "pro" });
  const order = shop.buy({ amount: 100, paymentStatus: "paid" });
  for (const unknown of [order.id, "pi_unknown", subscription.payment(1).paymentIntent]) {
    assert.deepEqual((await list(unknown)).data, []);
  }
});

served("an invoice is open until it is paid", async ({ shop, stripe, setClock }) => {
  const subscription = shop.subscribe({ price: monthly, startedAt });
  const { id } = subscription.paymentFailed(1).data.object;
  const read = async () => {
    const { status, attempt_count: attempts } = await stripe.invoices.retrieve(String(id));
    return [status, attempts];
  };
  setClock(new Date("2026-07-03T00:00:00Z"));
  assert.deepEqual(await read(), ["open", 1]);
  subscription.renewalPaid(1, { paidAt: new Date("2026-07-05T00:00:00Z") });
  assert.equal((await read())[0], "open");
  setClock(new Date("2026-07-06T00:00:00Z"));
  assert.deepEqual(await read(), ["paid", 1]);
});

served(
  "prices, products, customers and refunds can be read",
  async ({ shop, stripe, setClock }) => {
    shop.subscribe({ price: monthly, startedAt });
    const price = await stripe.prices.retrieve("price_month", { expand: ["product"] });
    assert.deepEqual(price.metadata, { tier: "basic" });
    assert.equal(typeof price.product === "object" && price.product.id, "prod_app");
    assert.equal((await stripe.products.retrieve("prod_app")).name, "The App");
    shop.subscribe({ price: { amount: 1, interval: "year", product: "prod_app" }, startedAt });
    assert.equal((await stripe.products.retrieve("prod_app")).name, "The App");
    const customer = shop.customer({ email: "ada@example.com" });
    assert.equal((await stripe.customers.retrieve(customer.id)).deleted, undefined);
    const payment = shop.buy({ amount: 100, paymentStatus: "paid" }).payment();
    const refund = payment.refund({ at: middle });
    refund.failed({ at: new Date("2026-06-18T00:00:00Z") });
    assert.equal((await stripe.refunds.retrieve(refund.id)).status, "succeeded");
    assert.equal((await stripe.charges.retrieve(payment.charge)).amount_refunded, 100);
    setClock(new Date("2026-06-19T00:00:00Z"));
    assert.equal((await stripe.refunds.retrieve(refund.id)).status, "failed");
    assert.equal((await stripe.charges.retrieve(payment.charge)).amount_refunded, 0);
  },
);

served("events are listed newest first, those that have happened", async ({ shop, stripe }) => {
  const subscription = shop.subscribe({ price: monthly, startedAt });
  const told = [
    subscription.subscriptionCreated(),
    subscription.firstInvoicePaid(),
    subscription.updated({ at: middle, status: "past_due" }),
    subscription.renewalPaid(1),
  ];
  const ids = async (query: Stripe.EventListParams) =>
    (await stripe.events.list(query)).data.map((event) => event.id);
  assert.deepEqual(await ids({}), told.slice(0, 3).map((event) => event.id).reverse());
  assert.deepEqual(await ids({ types: ["invoice.paid"] }), [told[1]?.id]);
  assert.deepEqual(await ids({ created: { gt: startedAt.getTime() / 1000 + 60 } }), [told[2]?.id]);
  assert.deepEqual(await ids({ ending_before: told[0]?.id ?? "", limit: 1 }), [told[1]?.id]);
});

served("what cannot be expanded or paged is refused", async ({ shop, stripe }) => {
  const { id } = shop.subscribe({ price: monthly, startedAt });
  const expanded = (path: string) => refusal(stripe.subscriptions.retrieve(id, { expand: [path] }));
  assert.equal((await expanded("items.data.prize")).statusCode, 400);
  assert.equal((await expanded("items.data.price.product.default_price")).statusCode, 400);
  assert.equal((await refusal(stripe.events.list({ limit: 101 }))).statusCode, 400);
  assert.equal((await refusal(stripe.customers.create({}))).statusCode, 404);
});

served("all lines of an invoice come page by page, in today's shape", async (stage) => {
  const { shop, stripe, setClock } = stage;
  const prices = Array.from({ length: 12 }, (_, n) => ({ ...monthly, price: `price_${n}` }));
  const subscription = shop.subscribe({ startedAt, prices });
  const { id } = subscription.firstInvoicePaid().data.object as { id: string };
  const first = await stripe.invoices.listLineItems(id);
  assert.deepEqual([first.data.length, first.has_more], [10, true]);
  const rest = await stripe.invoices.listLineItems(id, { starting_after: first.data[9]?.id ?? "" });
  assert.deepEqual([rest.data.length, rest.has_more], [2, false]);
  const items = [...first.data, ...rest.data].map(({ parent }) =>
    parent?.subscription_item_details?.subscription_item
  );
  assert.deepEqual(items, subscription.itemIds.toReversed());
  setClock(new Date("2026-05-01T00:00:00Z"));
  assert.equal((await refusal(stripe.invoices.listLineItems(id))).code, "resource_missing");
});
