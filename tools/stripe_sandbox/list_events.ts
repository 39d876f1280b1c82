// Stripe's list of events, newest first, by type and time (docs.stripe.com/api/events/list). Pure.
import type { StripeEvent } from "./stripe_event.ts";
import { unixTime } from "./unix_time.ts";

/** Those that have happened by `at` and that `type`, `types` and `created` ask for. */
export function listEvents(
  events: StripeEvent[],
  { query, at }: { query: URLSearchParams; at: Date },
): StripeEvent[] {
  const types = [...query].flatMap(([name, value]) =>
    name === "type" || /^types\[\d*\]$/.test(name) ? [value] : []
  );
  const { gt, gte, lt, lte } = bounds(query);
  return events
    .filter(({ created }) => created <= unixTime(at))
    .filter(({ created }) => created > gt && created >= gte && created < lt && created <= lte)
    .filter(({ type }) => types.length === 0 || types.some((wanted) => isOf(type, wanted)))
    .toReversed()
    .toSorted((a, b) => b.created - a.created);
}

function bounds(query: URLSearchParams): Record<"gt" | "gte" | "lt" | "lte", number> {
  const bound = (name: string, otherwise: number) =>
    Number(query.get(`created[${name}]`) ?? otherwise);
  return {
    gt: bound("gt", -Infinity),
    gte: bound("gte", -Infinity),
    lt: bound("lt", Infinity),
    lte: bound("lte", Infinity),
  };
}

/** `customer.*` stands for every type that begins so. */
function isOf(type: string, wanted: string): boolean {
  return wanted.endsWith("*") ? type.startsWith(wanted.slice(0, -1)) : type === wanted;
}
