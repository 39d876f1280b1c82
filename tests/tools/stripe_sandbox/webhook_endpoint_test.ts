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

Deno.test("an endpoint is made, changed and deleted, and tells its secret to who makes it alone", async () => {
  const endpoints = createWebhookEndpoints([]);
  const server = serveStripe({ shops: [endpoints], key });
  try {
    const { webhookEndpoints } = clientOf(server);
    const made = await webhookEndpoints.create({
      url: "https://c.example/",
      enabled_events: ["invoice.paid", "customer.updated"],
      api_version: "2026-10-28.endive",
      metadata: { made_by: "a test", other: "thing" },
    });
    assert.match(made.secret ?? "", /^whsec_\w+$/);
    assert.equal(made.secret, endpoints.secretOf(made.id));
    await webhookEndpoints.update(made.id, {
      enabled_events: ["invoice.paid"],
      disabled: true,
      metadata: { other: "" },
    });
    const [listed] = (await webhookEndpoints.list()).data;
    assert.deepEqual(
      [listed?.enabled_events, listed?.status, listed?.metadata, listed?.api_version],
      [["invoice.paid"], "disabled", { made_by: "a test" }, "2026-10-28.endive"],
    );
    assert.ok(!("secret" in (listed ?? {})));
    await webhookEndpoints.del(made.id);
    assert.deepEqual((await webhookEndpoints.list()).data, []);
    assert.equal((await refusal(webhookEndpoints.del(made.id))).statusCode, 404);
  } finally {
    await server.shutdown();
  }
});

Deno.test("a key may be let read endpoints and not make them, and one without events is refused", async () => {
  const forbidden = ["POST /v1/webhook_endpoints"];
  const server = serveStripe({ shops: [createWebhookEndpoints([])], key, forbidden });
  const other = serveStripe({ shops: [createWebhookEndpoints([])], key });
  try {
    const { webhookEndpoints } = clientOf(server);
    const endpoint = { url: "https://c.example/", enabled_events: [] };
    assert.deepEqual((await webhookEndpoints.list()).data, []);
    const error = await refusal(webhookEndpoints.create(endpoint));
    assert.ok(error instanceof Stripe.errors.StripePermissionError);
    const { statusCode } = await refusal(clientOf(other).webhookEndpoints.create(endpoint));
    assert.equal(statusCode, 400);
  } finally {
    await server.shutdown();
    await other.shutdown();
  }
});
