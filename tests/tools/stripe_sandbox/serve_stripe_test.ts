import assert from "node:assert/strict";
import Stripe from "stripe";
import { clientOf, monthly, refusal, served, startedAt } from "./served_shop.ts";

served("another key is refused, and every request is seen", async ({ server, shop, stripe }) => {
  const { id } = shop.subscribe({ price: monthly, startedAt });
  const error = await refusal(clientOf(server, { key: "sk_wrong" }).subscriptions.retrieve(id));
  assert.ok(error instanceof Stripe.errors.StripeAuthenticationError);
  await stripe.subscriptions.retrieve(id, { expand: ["customer"] });
  assert.deepEqual(
    server.requests.map(({ method, path, query }) => [method, path, query.get("expand[0]")]),
    [["GET", `/v1/subscriptions/${id}`, null], ["GET", `/v1/subscriptions/${id}`, "customer"]],
  );
});

served("faults befall the requests they are meant for", async ({ server, shop, stripe }) => {
  const { id } = shop.subscribe({ price: monthly, startedAt });
  const read = () => stripe.subscriptions.retrieve(id);
  server.faults.next(500);
  server.faults.next(429, { times: 2, retryAfter: 7 });
  server.faults.next(401);
  server.faults.next(403);
  assert.ok(await refusal(read()) instanceof Stripe.errors.StripeAPIError);
  const limited = await refusal(read());
  assert.ok(limited instanceof Stripe.errors.StripeRateLimitError);
  assert.equal(limited.headers?.["retry-after"], "7");
  await refusal(read());
  assert.ok(await refusal(read()) instanceof Stripe.errors.StripeAuthenticationError);
  assert.ok(await refusal(read()) instanceof Stripe.errors.StripePermissionError);
  assert.equal((await read()).id, id);
  server.faults.down();
  for (let tries = 0; tries < 3; tries++) assert.equal((await refusal(read())).statusCode, 500);
  server.faults.up();
  assert.equal((await read()).id, id);
});

served("a request that hangs gets no answer, not even from the shutdown", async (stage) => {
  const { server, shop } = stage;
  const { id } = shop.subscribe({ price: monthly, startedAt });
  server.faults.next("hang", { times: 2 });
  const impatient = clientOf(server, { timeout: 500 });
  const error = await refusal(impatient.subscriptions.retrieve(id));
  assert.ok(error instanceof Stripe.errors.StripeConnectionError);
  const waiting = fetch(`${server.url}/v1/subscriptions/${id}`).then((answer) => answer.status);
  const lost = assert.rejects(waiting);
  while (server.requests.length < 2) await new Promise((resolve) => setTimeout(resolve, 5));
  await server.shutdown();
  await lost;
});
