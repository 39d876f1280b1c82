// The webhook endpoints of an account, as its read API lists them. Data only.
import type Stripe from "stripe";
import type { StripeShop } from "./stripe_shop.ts";
import type { Wire } from "./stripe_wire.ts";

export type WebhookEndpointOptions = {
  url: string;
  events: readonly string[];
  /** Default `2026-10-28.endive`; null: the account's own. */
  apiVersion?: string | null;
  /** Default `enabled`. */
  status?: "enabled" | "disabled";
};

/** To be served beside shops: the list of these endpoints, and nothing else. */
export function createWebhookEndpoints(
  endpoints: readonly WebhookEndpointOptions[],
): Pick<StripeShop, "read" | "events"> {
  const data = endpoints.map((
    { url, events, apiVersion = "2026-10-28.endive", status = "enabled" },
    index,
  ) =>
    ({
      id: `we_${String(index + 1).padStart(14, "0")}`,
      object: "webhook_endpoint",
      api_version: apiVersion,
      enabled_events: [...events],
      livemode: false,
      status,
      url,
    }) satisfies Wire<Stripe.WebhookEndpoint>
  );
  return {
    read: (path) => path === "/v1/webhook_endpoints" ? { object: "list", data } : null,
    events: () => [],
  };
}
