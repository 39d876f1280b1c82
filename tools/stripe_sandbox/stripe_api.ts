// Stripe's read API for the shops of a sandbox, in today's payload shape: what is there at a moment.
// Pure: no sockets, no clock.
import { expand } from "./expand.ts";
import { include } from "./include.ts";
import { listEvents } from "./list_events.ts";
import { isListed, listObjects } from "./list_objects.ts";
import { listPage, type StripeObject } from "./list_page.ts";
import { namedObject, objectPath } from "./object_paths.ts";
import {
  invalidRequest,
  resourceMissing,
  type StripeAnswer,
  StripeRefusal,
  unrecognizedUrl,
} from "./stripe_errors.ts";
import type { StripeEvent } from "./stripe_event.ts";
import type { StripeShop } from "./stripe_shop.ts";

/** What an account has for the read API. */
export type StripeBooks = Pick<StripeShop, "read" | "events"> & Partial<Pick<StripeShop, "list">>;

export type StripeRequest = {
  method: string;
  url: URL;
  at: Date;
  /** Whether every endpoint has taken that event; default they have all. */
  isDelivered?: (event: StripeEvent) => boolean;
};

/** Answers a request for one object, or for a list. */
export function answerRead(
  shops: readonly StripeBooks[],
  { method, url, at, isDelivered = () => true }: StripeRequest,
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
  const list = (collection: string) => shops.flatMap((shop) => shop.list?.(collection, at) ?? []);
  const includes = {
    payments: (invoice: string) =>
      list("invoice_payments").filter((payment) => payment.invoice === invoice),
    lineItems: (session: string) => dataOf(read(`/v1/checkout/sessions/${session}/line_items`)),
  };
  const find = (id: string) => {
    const where = objectPath(id);
    return where && read(where);
  };

  function body(): StripeObject {
    if (method !== "GET") throw new StripeRefusal(unrecognizedUrl(method, path));
    if (path === "/v1/events") {
      const all = shops.flatMap((shop) => shop.events());
      const events = listEvents(all, { query, at, isDelivered });
      return listPage(events, { query, url: path });
    }
    if (path === "/v1/invoice_payments") {
      const list = read(`${path}?payment_intent=${paymentIntentOf(query)}`);
      return listPage(dataOf(list), { query, url: path });
    }
    const collection = path.slice("/v1/".length);
    if (isListed(collection)) {
      return listPage(listObjects(list(collection), { collection, query }), { query, url: path });
    }
    const found = read(path);
    if (!found) throw new StripeRefusal(nothingAt(path));
    return found.object === "list" ? listPage(dataOf(found), { query, url: path }) : found;
  }

  try {
    const paths = [...query].flatMap(([name, value]) =>
      /^expand\[\d*\]$/.test(name) ? [value] : []
    );
    return { status: 200, body: expand(include(body(), paths, includes), paths, find) };
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
