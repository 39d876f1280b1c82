// A page of a list, as Stripe pages (docs.stripe.com/api/pagination). Pure.
import { invalidRequest, StripeRefusal } from "./stripe_errors.ts";

export type StripeObject = Record<string, unknown>;

/** How much of a list an object carries along. */
const EMBEDDED = 10;

/** A list as an object carries it along: its beginning, and where the rest is. */
export function embeddedList<T>(
  all: readonly T[],
  url: string,
): { object: "list"; data: T[]; has_more: boolean; url: string } {
  return { object: "list", data: all.slice(0, EMBEDDED), has_more: all.length > EMBEDDED, url };
}

/**
 * The page of `all` that `limit` (1 to 100, default 10), `starting_after` and `ending_before` ask
 * for.
 */
export function listPage(
  all: StripeObject[],
  { query, url }: { query: URLSearchParams; url: string },
): StripeObject {
  const limit = Number(query.get("limit") ?? 10);
  if (!Number.isInteger(limit) || limit < 1 || limit > 100) {
    throw new StripeRefusal(invalidRequest(
      `Invalid integer: ${query.get("limit")}`,
      { code: "parameter_invalid_integer", param: "limit" },
    ));
  }
  const before = cursor(all, query.get("ending_before"));
  const after = cursor(all, query.get("starting_after"));
  const rest = before === null
    ? all.slice(after === null ? 0 : after + 1)
    : all.slice(0, before).slice(-limit);
  const hasMore = before === null ? rest.length > limit : before > limit;
  return { object: "list", data: rest.slice(0, limit), has_more: hasMore, url };
}

function cursor(all: StripeObject[], id: string | null): number | null {
  if (id === null) return null;
  const index = all.findIndex((one) => one.id === id);
  if (index >= 0) return index;
  throw new StripeRefusal(invalidRequest(`No such object: '${id}'`, { code: "resource_missing" }));
}
