// Stripe's own client against a Stripe on a socket.

import assert from "node:assert/strict";
import {
  createStripeReader,
  type StripeRead,
  type StripeReader,
} from "../../functions/stripe-cryptlex/stripe.ts";
import { StripeReadError } from "../../functions/stripe-cryptlex/stripe_read_error.ts";
import { serveStripe, type StripeServer } from "../../tools/stripe_sandbox/serve_stripe.ts";
import { createStripeShop, type StripeShop } from "../../tools/stripe_sandbox/stripe_shop.ts";
import { createFakeFetch, type FakeAnswer, jsonAnswer } from "./builders/fake_fetch.ts";
import { basic } from "./builders/subscribe_with.ts";

const secretKey = "rk_test_canary";
const now = new Date("2026-11-02T10:00:07Z");

type Stage = { server: StripeServer; shop: StripeShop; stripe: StripeReader };

function served(name: string, run: (stage: Stage) => Promise<void>): void {
  Deno.test(name, async () => {
    const shop = createStripeShop();
    const server = serveStripe({ shops: [shop], key: secretKey, now: () => now });
    const stripe = createStripeReader({ secretKey, baseUrl: server.url, timeoutMs: 2000, fetch });
    try {
      await run({ server, shop, stripe });
    } finally {
      await server.shutdown();
    }
  });
}

/** What it showed; its type is for the reader of facts to check. */
// deno-lint-ignore no-explicit-any -- any JSON
async function shown(asked: Promise<StripeRead<any>>): Promise<any> {
  const read = await asked;
  assert.ok(read.found);
  assert.deepEqual(read.readAt, now, "dated by Stripe's clock");
  return read.object;
}

async function failure(asked: Promise<unknown>): Promise<StripeReadError> {
  try {
    await asked;
  } catch (error) {
    assert.ok(error instanceof StripeReadError, String(error));
    assert.equal(error.retryable, true);
    assert.doesNotMatch(error.message, /canary|sub_|acct_|@/);
    return error;
  }
  assert.fail("was answered");
}

served("a subscription is shown with its prices and products", async ({ server, shop, stripe }) => {
  const metadata = { CRYPTLEX_PRODUCT_ID: "product-a" };
  const { id } = shop.subscribe({ price: { ...basic, productMetadata: metadata } });
  const subscription = await shown(stripe.subscription(id));
  assert.equal(subscription.id, id);
  assert.deepEqual(subscription.items.data[0].price.product.metadata, metadata);
  assert.equal(server.requests.length, 1);
});

served("all that a session sold is shown, page by page", async ({ server, shop, stripe }) => {
  const lines = Array.from({ length: 101 }, (_, i) => ({ amount: 100, price: `price_${i}` }));
  const order = shop.buy({ lines, paymentStatus: "paid" });
  const sold = await shown(stripe.sessionLines(order.sessionId));
  assert.equal(sold.length, 101);
  assert.equal(sold[100].price.id, "price_100");
  assert.equal(typeof sold[0].price.product, "object");
  assert.equal(server.requests.length, 2);
});

served("all that an invoice bills is shown, page by page", async ({ server, shop, stripe }) => {
  const prices = Array.from({ length: 101 }, (_, i) => ({ ...basic, price: `price_${i}` }));
  const paid = shop.subscribe({ prices }).firstInvoicePaid();
  const lines = await shown(stripe.invoiceLines(String(paid.data.object.id)));
  assert.equal(lines.length, 101);
  assert.equal(lines[100].pricing.price_details.price, "price_0");
  assert.equal(server.requests.length, 2);
});

served("the invoice that a payment paid is shown, none where there is none", async (stage) => {
  const { shop, stripe } = stage;
  const subscription = shop.subscribe({ price: basic });
  const payment = subscription.payment(0);
  const [paid, ...others] = await shown(stripe.invoiceOf(payment.paymentIntent));
  assert.deepEqual(others, []);
  assert.equal(paid.invoice.id, payment.invoice);
  assert.equal(paid.invoice.parent.subscription_details.subscription, subscription.id);
  const order = shop.buy({ amount: 100, paymentStatus: "paid" });
  assert.deepEqual(await shown(stripe.invoiceOf(order.id)), []);
});

served("what Stripe does not know is not there, and no trouble", async ({ stripe }) => {
  assert.deepEqual(await stripe.subscription("sub_of_another_account"), { found: false });
  assert.deepEqual(await stripe.invoiceLines("in_of_another_account"), { found: false });
  assert.deepEqual(await stripe.sessionLines("cs_test_of_another_account"), { found: false });
});

served("whatever refuses to be read says what was asked for, and its status", async (stage) => {
  const { server, shop, stripe } = stage;
  const { id } = shop.subscribe({ price: basic });
  for (const status of [401, 403, 429, 500, 503]) {
    server.faults.next(status);
    const error = await failure(stripe.subscription(id));
    assert.equal(error.status, status);
    assert.match(error.message, /^Stripe refused GET \/v1\/subscriptions\/\{id\} with \d{3}/);
  }
  assert.equal(server.requests.length, 5, "each was tried once");
});

served("a Stripe that does not answer is waited for no longer than told", async (stage) => {
  const { server, shop } = stage;
  const { id } = shop.subscribe({ price: basic });
  const connection = { secretKey, baseUrl: server.url, timeoutMs: 50, fetch };
  server.faults.next("hang");
  const error = await failure(createStripeReader(connection).subscription(id));
  assert.equal(error.status, null);
  assert.match(error.message, /^Cannot read Stripe's answer to GET .*: none came$/);
});

const answering = (...answers: FakeAnswer[]) => {
  const { fetch, sent } = createFakeFetch(...answers);
  return {
    sent,
    stripe: createStripeReader({ secretKey, baseUrl: null, timeoutMs: 1000, fetch }),
  };
};
const refusal = (status: number, message: string) =>
  jsonAnswer({ error: { type: "invalid_request_error", message } }, status);

Deno.test("without another place it is Stripe itself, told nothing but the question", async () => {
  const date = now.toUTCString();
  const { sent, stripe } = answering(jsonAnswer({ id: "sub_1" }, 200, { date }));
  await stripe.subscription("sub_1");
  const [{ method, url, headers, body } = assert.fail()] = sent;
  const { origin, pathname, searchParams } = new URL(url);
  assert.equal(
    `${method} ${origin}${pathname}`,
    "GET https://api.stripe.com/v1/subscriptions/sub_1",
  );
  assert.deepEqual([...searchParams.values()], ["items.data.price.product"]);
  assert.equal(headers.get("authorization"), `Bearer ${secretKey}`);
  assert.equal(headers.get("x-stripe-client-telemetry"), null);
  assert.equal(body, undefined);
});

Deno.test("a restricted key is told which permission it lacks, where Stripe says so", async () => {
  const message = "The provided key 'rk_test_*********nary' does not have the required " +
    "permissions for this endpoint on account 'acct_1'. Having the 'rak_subscription_read' " +
    "permission would allow this request to continue.";
  const { stripe } = answering(refusal(403, message), refusal(403, "No."));
  const told = await failure(stripe.subscription("sub_1"));
  assert.match(told.message, /lacks the permission rak_subscription_read; README lists all\)$/);
  assert.match((await failure(stripe.subscription("sub_1"))).message, /README lists/);
});

Deno.test("an answer that is none of Stripe's is no answer", async () => {
  const broken = [
    new Response("<html>", { status: 502 }),
    new Response("{", { headers: { date: now.toUTCString() } }),
    new TypeError("connection reset by sub_1"),
    // Nobody could say what it is newer than.
    jsonAnswer({ id: "sub_1" }),
    jsonAnswer({ id: "sub_1" }, 200, { date: "soon" }),
  ];
  for (const answer of broken) {
    const { stripe } = answering(answer);
    assert.equal((await failure(stripe.subscription("sub_1"))).status, null);
  }
});

Deno.test("a list that says there is more, and shows none, is at its end", async () => {
  const headers = { date: now.toUTCString() };
  const page = (data: unknown[]) =>
    jsonAnswer({ object: "list", data, has_more: true }, 200, headers);
  const { stripe, sent } = answering(page([{ id: "li_1" }]), page([]));
  assert.deepEqual(await shown(stripe.sessionLines("cs_1")), [{ id: "li_1" }]);
  assert.equal(new URL(String(sent[1]?.url)).searchParams.get("starting_after"), "li_1");
});
