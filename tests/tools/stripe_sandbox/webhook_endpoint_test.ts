import assert from "node:assert/strict";
import Stripe from "stripe";
import { serveStripe } from "../../../tools/stripe_sandbox/serve_stripe.ts";
import { createWebhookEndpoints } from "../../../tools/stripe_sandbox/webhook_endpoint.ts";
import { clientOf, refusal } from "./served_shop.ts";

const endpoints = createWebhookEndpoints([
  { url: "https://a.example/", events: ["invoice.paid"] },
  { url: "https://b.example/", events: ["*"], status: "disabled", apiVersion: null },
]);
const key = "rk_test_sandbox";

Deno.test("webhook endpoints are listed with what they send", async () => {
  const server = serveStripe({ shops: [endpoints], key });
  try {
    const { data } = await clientOf(server).webhookEndpoints.list({ limit: 100 });
    assert.deepEqual(
      data.map(({ url, status, enabled_events, api_version }) => [
        url,
        status,
        enabled_events,
        api_version,
      ]),
      [
        ["https://a.example/", "enabled", ["invoice.paid"], "2026-10-28.endive"],
        ["https://b.example/", "disabled", ["*"], null],
      ],
    );
  } finally {
    await server.shutdown();
  }
});

Deno.test("a key that may not read them is refused with 403, and reads the rest", async () => {
  const server = serveStripe({ shops: [endpoints], key, forbidden: ["/v1/webhook_endpoints"] });
  try {
    const stripe = clientOf(server);
    const error = await refusal(stripe.webhookEndpoints.list());
    assert.ok(error instanceof Stripe.errors.StripePermissionError);
    assert.equal((await refusal(stripe.products.retrieve("prod_none"))).statusCode, 404);
  } finally {
    await server.shutdown();
  }
});
