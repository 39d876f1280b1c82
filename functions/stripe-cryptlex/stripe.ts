// Reads objects of Stripe's again, where an event told too little or may be stale. Knows no Cryptlex.

import type Stripe from "stripe";
import { stripeReadError } from "./stripe_failure.ts";
import { StripeReadError } from "./stripe_read_error.ts";

/** What Stripe shows now; or that it knows no such object, as with the key of another account. */
export type StripeRead<T> =
  | {
    readonly found: true;
    /** Its `Date`: Stripe's clock, as events are dated by. */
    readonly readAt: Date;
    readonly object: T;
  }
  | { readonly found: false };

/** All methods reject with `StripeReadError`. */
export type StripeReader = {
  /** With the prices of its items, and their products. */
  subscription(id: string): Promise<StripeRead<unknown>>;
  /** All that a checkout session sold, with prices and products. */
  sessionLines(sessionId: string): Promise<StripeRead<readonly unknown[]>>;
  /** All that an invoice bills. */
  invoiceLines(invoiceId: string): Promise<StripeRead<readonly unknown[]>>;
  /** The invoice payments of a payment intent, with their invoices; most often none or one. */
  invoiceOf(paymentIntent: string): Promise<StripeRead<readonly unknown[]>>;
};

/** What a reader is made of. */
export type StripeConnection = {
  /** Secret, or better restricted to reading; see README. */
  readonly secretKey: string;
  /** Null: Stripe's own. */
  readonly baseUrl: string | null;
  readonly timeoutMs: number;
  readonly fetch: typeof fetch;
};

/** A page is as long as Stripe makes it (docs.stripe.com/api/pagination). */
const limit = 100;

/** Reads through Stripe's own client. Nothing is retried here: the purchase is, as a whole. */
export function createStripeReader(connection: StripeConnection): StripeReader {
  let created: Promise<Stripe> | null = null;
  // One that could not be made is made anew at the next call.
  const client = () =>
    created ??= createStripeClient(connection).catch((error) => {
      created = null;
      throw error;
    });
  return {
    subscription: (id) =>
      reading("GET /v1/subscriptions/{id}", async () => {
        const expand = ["items.data.price.product"];
        const stripe = await client();
        const object = await stripe.subscriptions.retrieve(id, { expand });
        return { object, response: object.lastResponse };
      }),
    sessionLines: (sessionId) =>
      reading("GET /v1/checkout/sessions/{id}/line_items", async () => {
        const stripe = await client();
        const expand = ["data.price.product"];
        return await allPages((page) =>
          stripe.checkout.sessions.listLineItems(sessionId, { ...page, expand })
        );
      }),
    invoiceLines: (invoiceId) =>
      reading("GET /v1/invoices/{id}/lines", async () => {
        const stripe = await client();
        return await allPages((page) => stripe.invoices.listLineItems(invoiceId, page));
      }),
    invoiceOf: (payment_intent) =>
      reading("GET /v1/invoice_payments", async () => {
        const stripe = await client();
        const payment = { type: "payment_intent", payment_intent } as const;
        const page = await stripe.invoicePayments.list({
          limit,
          payment,
          expand: ["data.invoice"],
        });
        return { object: page.data, response: page.lastResponse };
      }),
  };
}

/** Everything, and the answer that brought the last of it. */
async function allPages<T extends { id: string }>(
  ask: (page: { limit: number; starting_after?: string }) => Promise<
    Stripe.Response<Stripe.ApiList<T>>
  >,
): Promise<{ object: T[]; response: { headers: HeadersInit } }> {
  const all: T[] = [];
  for (;;) {
    const last = all.at(-1);
    const page = await ask({ limit, ...(last === undefined ? {} : { starting_after: last.id }) });
    all.push(...page.data);
    if (!page.has_more || page.data.length === 0) {
      return { object: all, response: page.lastResponse };
    }
  }
}

/** Stripe's own client, which tries once unless told otherwise. */
export async function createStripeClient(
  { secretKey, baseUrl, timeoutMs, fetch }: StripeConnection,
  { maxNetworkRetries = 0 }: { maxNetworkRetries?: number } = {},
): Promise<Stripe> {
  const { default: Stripe } = await import("stripe");
  const { protocol, hostname, port } = new URL(baseUrl ?? "https://api.stripe.com");
  const isHttps = protocol === "https:";
  return new Stripe(secretKey, {
    protocol: isHttps ? "https" : "http",
    host: hostname,
    port: port || (isHttps ? 443 : 80),
    httpClient: Stripe.createFetchHttpClient(fetch),
    timeout: timeoutMs,
    maxNetworkRetries,
    telemetry: false,
  });
}

/** `call` names the request without ids, so that equal failures read equal. */
async function reading<T>(
  call: string,
  ask: () => Promise<{ object: T; response: { headers: HeadersInit } }>,
): Promise<StripeRead<T>> {
  try {
    const { object, response } = await ask();
    const readAt = new Date(new Headers(response.headers).get("date") ?? NaN);
    if (Number.isNaN(readAt.getTime())) throw new StripeReadError(call, null, "no Date in it");
    return { found: true, readAt, object };
  } catch (error) {
    const failed = error instanceof StripeReadError ? error : await stripeReadError(call, error);
    if (failed.status === 404) return { found: false };
    throw failed;
  }
}
