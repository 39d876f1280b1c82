import assert from "node:assert/strict";
import Stripe from "stripe";
import { deliver, signatureHeader } from "../../../tools/stripe_sandbox/sign.ts";
import { createStripeShop } from "../../../tools/stripe_sandbox/stripe_shop.ts";

const secret = "whsec_sandbox";
const { StripeSignatureVerificationError } = Stripe.errors;

Deno.test("Stripe's own verifier accepts the header", async () => {
  const payload = JSON.stringify(createStripeShop().other("product.created"));
  const header = await signatureHeader(payload, { secret });
  assert.match(header, /^t=\d+,v1=[0-9a-f]{64}$/);
  const event = await Stripe.webhooks.constructEventAsync(payload, header, secret);
  assert.equal(event.type, "product.created");
});

Deno.test("another secret, another payload and an old time are refused", async () => {
  const payload = JSON.stringify(createStripeShop().other("product.created"));
  const refused = async (header: Promise<string>, body = payload) =>
    await assert.rejects(
      Stripe.webhooks.constructEventAsync(body, await header, secret),
      StripeSignatureVerificationError,
    );
  await refused(signatureHeader(payload, { secret: "whsec_other" }));
  await refused(signatureHeader(payload, { secret }), payload.replace("product", "prodact"));
  await refused(signatureHeader(payload, { secret, at: new Date(Date.now() - 400_000) }));
});

Deno.test("a delivery is a POST whose raw body verifies at the endpoint", async () => {
  let received: Stripe.Event | undefined;
  const headers = new Headers();
  const server = Deno.serve({ hostname: "127.0.0.1", port: 0, onListen() {} }, async (request) => {
    const body = await request.text();
    request.headers.forEach((value, name) => headers.set(name, value));
    const signature = request.headers.get("stripe-signature") ?? "";
    received = await Stripe.webhooks.constructEventAsync(body, signature, secret);
    return new Response(request.method, { status: 200 });
  });
  const event = createStripeShop().buy({ amount: 4900, paymentStatus: "paid" }).completed();
  const answer = await deliver(`http://127.0.0.1:${server.addr.port}/hook`, event, { secret });
  assert.equal(await answer.text(), "POST");
  await server.shutdown();
  assert.deepEqual(received, event);
  assert.equal(headers.get("content-type"), "application/json; charset=utf-8");
  assert.match(headers.get("user-agent") ?? "", /^Stripe\/1\.0/);
});

Deno.test("a ready body is delivered as it stands, by the fetch and the clock it was given", async () => {
  const requests: Request[] = [];
  const answer = await deliver("http://127.0.0.1/hook", "not json", {
    secret,
    at: new Date("2026-01-01T00:00:00Z"),
    fetch: (input, init) => {
      requests.push(new Request(input, init));
      return Promise.resolve(new Response(null, { status: 400 }));
    },
  });
  assert.equal(answer.status, 400);
  assert.equal(requests.length, 1);
  assert.equal(await requests[0]?.text(), "not json");
  assert.match(requests[0]?.headers.get("stripe-signature") ?? "", /^t=1767225600,/);
});
