// The Stripe key, once Stripe has taken it.

import { setupKeyProblem, stripeMode } from "./keys.ts";
import type { Env } from "./order.ts";
import {
  createStripeEndpoints,
  type StripeEndpoints,
  StripeSetupError,
} from "./stripe_endpoints.ts";
import { type Source, values } from "./values.ts";

export type TakenStripe = {
  readonly stripe: StripeEndpoints;
  readonly stripeKey: string;
  readonly mode: "live" | "test";
};

/**
 * @throws {UsageError} nobody says it, or it is none for this.
 * @throws {Error} Stripe does not take it.
 */
export async function takeStripe(source: Source, env: Env): Promise<TakenStripe> {
  const baseUrl = env.STRIPE_API_BASE_URL?.trim() || null;
  const open = (key: string) => createStripeEndpoints({ key, baseUrl });
  const stripeKey = await source.take(
    values.stripeKey,
    async (key) => {
      try {
        await open(key).list();
        return null;
      } catch (error) {
        if (error instanceof StripeSetupError) return error.message;
        throw error;
      }
    },
    (key) => setupKeyProblem(key, env.STRIPE_SECRET_KEY?.trim() || undefined),
  );
  return { stripe: open(stripeKey), stripeKey, mode: stripeMode(stripeKey) ?? "test" };
}
