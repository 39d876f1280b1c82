// The webhook endpoints of a Stripe account, through its API.

import Stripe from "stripe";
import { ForeseenError } from "../run_command.ts";
import { pinnedApiVersion } from "../operator/stripe_versions.ts";
import type { Endpoint } from "./endpoint.ts";

type EnabledEvent = Stripe.WebhookEndpointCreateParams.EnabledEvent;

/** Stripe said no, or nothing; tells neither the key nor a part of it. */
export class StripeSetupError extends ForeseenError {
  override readonly name = "StripeSetupError";
}

export type StripeEndpoints = {
  /** All of the account, in the key's mode. */
  list(): Promise<Endpoint[]>;
  /** Makes one of the pinned API version; its signing secret is told this once. */
  create(wanted: {
    url: string;
    events: readonly string[];
    metadata: Record<string, string>;
  }): Promise<{ id: string; signingSecret: string }>;
  update(
    id: string,
    changes: { events?: readonly string[]; enable?: true; metadata?: Record<string, string> },
  ): Promise<void>;
  remove(id: string): Promise<void>;
};

const timeoutMs = 20_000;

/** `baseUrl` null: Stripe's own. Each method rejects with a StripeSetupError. */
export function createStripeEndpoints(
  { key, baseUrl }: { key: string; baseUrl: string | null },
): StripeEndpoints {
  const { protocol, hostname, port } = new URL(baseUrl ?? "https://api.stripe.com");
  const isHttps = protocol === "https:";
  const { webhookEndpoints } = new Stripe(key, {
    protocol: isHttps ? "https" : "http",
    host: hostname,
    port: port || (isHttps ? 443 : 80),
    httpClient: Stripe.createFetchHttpClient(),
    timeout: timeoutMs,
    maxNetworkRetries: 2,
    telemetry: false,
  });

  return {
    list: () =>
      asking("read webhook endpoints", async () => {
        const all: Endpoint[] = [];
        for await (const one of webhookEndpoints.list({ limit: 100 })) {
          all.push({
            id: one.id,
            url: one.url,
            isEnabled: one.status === "enabled",
            events: one.enabled_events,
            apiVersion: one.api_version,
            metadata: one.metadata,
          });
        }
        return all;
      }),
    create: ({ url, events, metadata }) =>
      asking("make a webhook endpoint", async () => {
        const { id, secret } = await webhookEndpoints.create({
          url,
          enabled_events: events as EnabledEvent[],
          api_version: pinnedApiVersion,
          description: "stripe-cryptlex: licenses in Cryptlex",
          metadata,
        });
        return { id, signingSecret: secret ?? "" };
      }),
    update: (id, { events, enable, metadata }) =>
      asking("change a webhook endpoint", async () => {
        await webhookEndpoints.update(id, {
          ...(events && { enabled_events: events as EnabledEvent[] }),
          ...(enable && { disabled: false }),
          ...(metadata && { metadata }),
        });
      }),
    remove: (id) =>
      asking("delete a webhook endpoint", async () => void await webhookEndpoints.del(id)),
  };
}

async function asking<T>(what: string, ask: () => Promise<T>): Promise<T> {
  try {
    return await ask();
  } catch (error) {
    const { StripePermissionError, StripeAuthenticationError, StripeError } = Stripe.errors;
    if (error instanceof StripeAuthenticationError) {
      throw new StripeSetupError("Stripe refuses the key: it is expired, or rolled", {
        cause: error,
      });
    }
    if (error instanceof StripePermissionError) {
      throw new StripeSetupError(
        `The Stripe key may not ${what}: give it Write for Webhook Endpoints (Stripe's ` +
          "dashboard, Developers, API keys)",
        { cause: error },
      );
    }
    const said = error instanceof StripeError && error.statusCode
      ? `${error.statusCode} ${error.message}`
      : "nothing";
    throw new StripeSetupError(`Cannot ${what}: Stripe answered ${said}`, { cause: error });
  }
}
