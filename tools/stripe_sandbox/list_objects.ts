// Stripe's lists of objects, newest first, by the filters each of them takes. Pure.
import { isCreatedWithin } from "./created_within.ts";
import type { StripeObject } from "./list_page.ts";
import { invalidRequest, StripeRefusal } from "./stripe_errors.ts";

/** What an object has for a filter; absent: what is under that name. */
type Read = (object: StripeObject) => unknown;

const byName: Read | null = null;

/** By collection, as in the path: the filters besides `created`. */
const COLLECTIONS: Readonly<Record<string, Readonly<Record<string, Read | null>>>> = {
  "checkout/sessions": {
    customer: byName,
    payment_intent: byName,
    status: byName,
    subscription: byName,
  },
  "customers": { email: byName },
  "disputes": { charge: byName, payment_intent: byName },
  "invoices": { customer: byName, status: byName, subscription: subscriptionOf },
  "refunds": { charge: byName, payment_intent: byName },
  "subscriptions": { customer: byName, status: byName },
};

const PAGING = /^(limit|starting_after|ending_before|expand\[\d*\]|created\[(gt|gte|lt|lte)\])$/;

/** Whether there is such a list. */
export function isListed(collection: string): boolean {
  return Object.hasOwn(COLLECTIONS, collection);
}

/** Those that `query` asks for; without a status no ended subscriptions, as at Stripe. */
export function listObjects(
  objects: readonly StripeObject[],
  { collection, query }: { collection: string; query: URLSearchParams },
): StripeObject[] {
  const filters = COLLECTIONS[collection] ?? {};
  const wanted: [Read, string][] = [];
  for (const [name, value] of query) {
    if (PAGING.test(name)) continue;
    if (!Object.hasOwn(filters, name)) {
      throw new StripeRefusal(invalidRequest(`Received unknown parameter: ${name}`));
    }
    if (collection === "subscriptions" && name === "status" && value === "all") continue;
    wanted.push([filters[name] ?? ((object) => object[name]), value]);
  }
  const leavesOutEnded = collection === "subscriptions" && !query.has("status");
  return objects
    .filter(isCreatedWithin(query))
    .filter((object) => wanted.every(([read, value]) => read(object) === value))
    .filter(({ status }) => !(leavesOutEnded && status === "canceled"))
    .toReversed()
    .toSorted((a, b) => Number(b.created) - Number(a.created));
}

function subscriptionOf(invoice: StripeObject): unknown {
  const parent = invoice.parent as { subscription_details?: StripeObject | null } | null;
  return parent?.subscription_details?.subscription;
}
