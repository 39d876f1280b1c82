// A shop behind the read API, with Stripe's own client, for a test's length.
import assert from "node:assert/strict";
import Stripe from "stripe";
import { serveStripe, type StripeServer } from "../../../tools/stripe_sandbox/serve_stripe.ts";
import { createStripeShop, type StripeShop } from "../../../tools/stripe_sandbox/stripe_shop.ts";

const key = "rk_test_sandbox";
export const startedAt = new Date("2026-06-01T00:00:00Z");
export const middle = new Date("2026-06-16T00:00:00Z");
export const monthly = {
  price: "price_month",
  product: "prod_app",
  amount: 1000,
  interval: "month",
  metadata: { tier: "basic" },
  productName: "The App",
  productMetadata: { cryptlex_product_id: "p" },
} as const;

export type Stage = {
  server: StripeServer;
  stripe: Stripe;
  shop: StripeShop;
  setClock(at: Date): void;
};

/** A test with a server for one shop, Stripe's own client for it, and a clock to turn. */
export function served(name: string, run: (stage: Stage) => Promise<void>): void {
  Deno.test(name, async () => {
    const shop = createStripeShop({ shape: "acacia", now: startedAt });
    let clock = middle;
    const server = serveStripe({
      shops: [createStripeShop({ seed: 9 }), shop],
      key,
      now: () => clock,
    });
    try {
      const setClock = (at: Date) => void (clock = at);
      await run({ server, shop, stripe: clientOf(server), setClock });
    } finally {
      await server.shutdown();
    }
  });
}

/** Stripe's own client, which tries once. */
export function clientOf(
  { port }: StripeServer,
  options: { key?: string; timeout?: number } = {},
): Stripe {
  return new Stripe(options.key ?? key, {
    host: "127.0.0.1",
    port,
    protocol: "http",
    maxNetworkRetries: 0,
    httpClient: Stripe.createFetchHttpClient(),
    ...(options.timeout === undefined ? {} : { timeout: options.timeout }),
  });
}

/** The error Stripe's client throws. */
export async function refusal(asked: Promise<unknown>): Promise<Stripe.errors.StripeError> {
  try {
    await asked;
  } catch (error) {
    assert.ok(error instanceof Stripe.errors.StripeError, String(error));
    return error;
  }
  assert.fail("was answered");
}
