// The webhook endpoints of an account: listed, made, changed and deleted through its API.
// Source: docs.stripe.com/api/webhook_endpoints.
import type Stripe from "stripe";
import { invalidRequest, resourceMissing, type StripeAnswer } from "./stripe_errors.ts";
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

/** A request that writes: its path, and its form's fields as they are named. */
export type StripeWrite = { method: string; path: string; form: URLSearchParams };

type Endpoint = Omit<Wire<Stripe.WebhookEndpoint>, "metadata"> & {
  id: string;
  metadata: Record<string, string>;
};

export type WebhookEndpoints = Pick<StripeShop, "read" | "events"> & {
  /** Null: the request is about something else. */
  write(request: StripeWrite): StripeAnswer | null;
  /** What there is now, the newest first. */
  all(): Endpoint[];
  /** The signing secret, which the API tells only who makes the endpoint. */
  secretOf(id: string): string | null;
};

const collection = "/v1/webhook_endpoints";

/** To be served beside shops: these endpoints, and nothing else. */
export function createWebhookEndpoints(
  endpoints: readonly WebhookEndpointOptions[],
): WebhookEndpoints {
  const secrets = new Map<string, string>();
  let count = 0;
  const build = (fields: Partial<Endpoint>): Endpoint => {
    const id = `we_${String(++count).padStart(14, "0")}`;
    secrets.set(id, `whsec_${crypto.randomUUID().replaceAll("-", "")}`);
    return {
      id,
      object: "webhook_endpoint",
      livemode: false,
      metadata: {},
      status: "enabled",
      ...fields,
    };
  };
  let data = endpoints.map((
    { url, events, apiVersion: api_version = "2026-10-28.endive", status = "enabled" },
  ) => build({ url, enabled_events: [...events], api_version, status }));

  function create(form: URLSearchParams): StripeAnswer {
    const url = form.get("url");
    const enabled_events = listIn(form, "enabled_events");
    if (!url) return missing("url");
    if (enabled_events.length === 0) return missing("enabled_events");
    const endpoint = build({
      url,
      enabled_events,
      api_version: form.get("api_version"),
      description: form.get("description"),
      metadata: changed({}, form),
    });
    data = [endpoint, ...data];
    return { status: 200, body: { ...endpoint, secret: secrets.get(endpoint.id) } };
  }

  function update(endpoint: Endpoint, form: URLSearchParams): StripeAnswer {
    if (form.has("api_version")) {
      return invalidRequest("Received unknown parameter: api_version", { param: "api_version" });
    }
    const events = listIn(form, "enabled_events");
    if (events.length > 0) endpoint.enabled_events = events;
    if (form.has("disabled")) {
      endpoint.status = form.get("disabled") === "true" ? "disabled" : "enabled";
    }
    endpoint.metadata = changed(endpoint.metadata, form);
    return { status: 200, body: endpoint };
  }

  return {
    read: (path) => path === collection ? { object: "list", data } : null,
    events: () => [],
    all: () => structuredClone(data),
    secretOf: (id) => secrets.get(id) ?? null,
    write({ method, path, form }) {
      if (path === collection && method === "POST") return create(form);
      if (!path.startsWith(`${collection}/`)) return null;
      const id = path.slice(collection.length + 1);
      const endpoint = data.find((one) => one.id === id);
      if (endpoint === undefined) return resourceMissing("webhook endpoint", id);
      if (method === "POST") return update(endpoint, form);
      if (method !== "DELETE") return null;
      data = data.filter((one) => one !== endpoint);
      return { status: 200, body: { id, object: "webhook_endpoint", deleted: true } };
    },
  };
}

function listIn(form: URLSearchParams, name: string): string[] {
  return [...form].flatMap(([key, value]) => key.startsWith(`${name}[`) ? [value] : []);
}

/** An empty value takes the key away. */
function changed(metadata: Record<string, string>, form: URLSearchParams): Record<string, string> {
  const given = [...form].flatMap(([name, value]) => {
    const [, key] = /^metadata\[(.+)\]$/.exec(name) ?? [];
    return key === undefined ? [] : [[key, value] as const];
  });
  return Object.fromEntries(
    Object.entries({ ...metadata, ...Object.fromEntries(given) }).filter(([, value]) =>
      value !== ""
    ),
  );
}

function missing(param: string): StripeAnswer {
  return invalidRequest(`Missing required param: ${param}.`, {
    code: "parameter_missing",
    param,
  });
}
