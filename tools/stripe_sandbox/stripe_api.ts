// Stripe's read API for the shops of a sandbox, in today's payload shape: what is there at a moment.
// Pure: no sockets, no clock.
import { expand } from "./expand.ts";
import { listEvents } from "./list_events.ts";
import { listPage, type StripeObject } from "./list_page.ts";
import { namedObject, objectPath } from "./object_paths.ts";
import {
  invalidRequest,
  resourceMissing,
  type StripeAnswer,
  StripeRefusal,
  unrecognizedUrl,
} from "./stripe_errors.ts";
import type { StripeShop } from "./stripe_shop.ts";

export type StripeRequest = { method: string; url: URL; at: Date };

/**
 * Answers a request for one object, or for a list: of line items, an invoice's lines, invoice payments
 * or events.
 */
export function answerRead(
  shops: readonly Pick<StripeShop, "read" | "events">[],
  { method, url, at }: StripeRequest,
): StripeAnswer {
  const path = url.pathname;
  const query = url.searchParams;

  const read = (where: string): StripeObject | null => {
    for (const shop of shops) {
      const found = shop.read(where, at);
      if (found) return found;
    }
    return null;
  };
  const find = (id: string) => {
    const where = objectPath(id);
    return where && read(where);
  };

  function body(): StripeObject {
    if (method !== "GET") throw new StripeRefusal(unrecognizedUrl(method, path));
    if (path === "/v1/events") {
      const events = listEvents(shops.flatMap((shop) => shop.events()), { query, at });
      return listPage(events, { query, url: path });
    }
    if (path === "/v1/invoice_payments") {
      const list = read(`${path}?payment_intent=${paymentIntentOf(query)}`);
      return listPage(dataOf(list), { query, url: path });
    }
    const found = read(path);
    if (!found) throw new StripeRefusal(nothingAt(path));
    return found.object === "list" ? listPage(dataOf(found), { query, url: path }) : found;
  }

  try {
    const paths = [...query].flatMap(([name, value]) =>
      /^expand\[\d*\]$/.test(name) ? [value] : []
    );
    return { status: 200, body: expand(body(), paths, find) };
  } catch (error) {
    if (error instanceof StripeRefusal) return error.answer;
    throw error;
  }
}

function paymentIntentOf(query: URLSearchParams): string {
  const paymentIntent = query.get("payment[payment_intent]");
  if (query.get("payment[type]") === "payment_intent" && paymentIntent) return paymentIntent;
  throw new StripeRefusal(
    invalidRequest("The sandbox lists invoice payments by PaymentIntent only."),
  );
}

function dataOf(list: StripeObject | null): StripeObject[] {
  return Array.isArray(list?.data) ? list.data : [];
}

function nothingAt(path: string): StripeAnswer {
  const named = namedObject(path);
  return named ? resourceMissing(named.what, named.id) : unrecognizedUrl("GET", path);
}
