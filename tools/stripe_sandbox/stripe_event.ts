// The envelope Stripe wraps around a snapshot of an object. Knows nothing of what is inside.
import { createIds } from "./ids.ts";
import { unixTime } from "./unix_time.ts";

/**
 * The two generations of payloads: since API version 2025-03-31 (`basil`), and before it
 * (`acacia`).
 */
export type PayloadShape = "basil" | "acacia";

/** The API version an endpoint of that shape is pinned to. */
export const API_VERSIONS: Record<PayloadShape, string> = {
  basil: "2025-03-31.basil",
  acacia: "2025-02-24.acacia",
};

/** When the sandbox's clock stands unless told otherwise; fixed, so that runs repeat. */
export const SANDBOX_NOW = new Date("2026-11-02T10:00:00Z");

/** A snapshot event as it is delivered; `created` in Unix seconds. */
export type StripeEvent = {
  id: string;
  object: "event";
  api_version: string;
  created: number;
  data: { object: Record<string, unknown>; previous_attributes?: Record<string, unknown> };
  livemode: boolean;
  pending_webhooks: number;
  request: { id: string | null; idempotency_key: string | null };
  type: string;
};

export type EventOptions = {
  /** Default `basil`. */
  shape?: PayloadShape;
  /** Default: the object's own `created`. */
  created?: Date;
  /** Default: derived from the rest, so the same event keeps its id. */
  id?: string;
  livemode?: boolean;
  /** `previous_attributes`: what the object said before, where an update changed it. */
  previous?: Record<string, unknown>;
};

/** An event of this type about this object. */
export function createEvent(
  type: string,
  object: Record<string, unknown>,
  options: EventOptions = {},
): StripeEvent {
  const { shape = "basil", livemode = false } = options;
  const created = options.created ? unixTime(options.created) : createdOf(object);
  const name = `${type} ${created} ${shape} ${JSON.stringify(object)}`;
  return {
    id: options.id ?? createIds({ seed: 0, livemode }).of("evt", name),
    object: "event",
    api_version: API_VERSIONS[shape],
    created,
    data: options.previous ? { object, previous_attributes: options.previous } : { object },
    livemode,
    pending_webhooks: 1,
    request: { id: null, idempotency_key: null },
    type,
  };
}

/**
 * Another Event object about the same change, under an id of its own. Stripe: "in some cases, two
 * separate Event objects are generated" (docs.stripe.com/webhooks). A mere resend is the same event
 * again.
 */
export function asSeparateEvent(event: StripeEvent, id: string): StripeEvent {
  return { ...structuredClone(event), id };
}

function createdOf(object: Record<string, unknown>): number {
  return typeof object.created === "number" ? object.created : unixTime(SANDBOX_NOW);
}
