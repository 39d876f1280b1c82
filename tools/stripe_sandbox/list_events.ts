// Stripe's list of events, newest first, by type and time (docs.stripe.com/api/events/list). Pure.
import { isCreatedWithin } from "./created_within.ts";
import type { StripeEvent } from "./stripe_event.ts";
import { unixTime } from "./unix_time.ts";

/**
 * Those that have happened by `at` and that `type`, `types`, `created` and `delivery_success` ask for.
 */
export function listEvents(
  events: StripeEvent[],
  { query, at, isDelivered }: {
    query: URLSearchParams;
    at: Date;
    isDelivered: (event: StripeEvent) => boolean;
  },
): StripeEvent[] {
  const delivered = query.get("delivery_success");
  const types = [...query].flatMap(([name, value]) =>
    name === "type" || /^types\[\d*\]$/.test(name) ? [value] : []
  );
  return events
    .filter(({ created }) => created <= unixTime(at))
    .filter(isCreatedWithin(query))
    .filter((event) => delivered === null || String(isDelivered(event)) === delivered)
    .filter(({ type }) => types.length === 0 || types.some((wanted) => isOf(type, wanted)))
    .toReversed()
    .toSorted((a, b) => b.created - a.created);
}

/** `customer.*` stands for every type that begins so. */
function isOf(type: string, wanted: string): boolean {
  return wanted.endsWith("*") ? type.startsWith(wanted.slice(0, -1)) : type === wanted;
}
