// Stripe's lists, page by page, and single objects, patiently: a limit is waited for. Decides nothing.

import Stripe from "stripe";
import {
  createStripeClient,
  type StripeConnection,
} from "../../functions/stripe-cryptlex/stripe.ts";
import { stripeReadError } from "../../functions/stripe-cryptlex/stripe_failure.ts";

/** A page of a list, newest first. */
export type Page<T> = {
  readonly data: readonly T[];
  /** Stripe's clock as it answered. */
  readonly readAt: Date;
  /** Where the next page begins; null: this is the last. */
  readonly next: string | null;
};

/** Which page: all that an account lists, of a customer, or created since; from `after` on. */
export type PageOf = {
  readonly after?: string | null;
  readonly since?: Date | null;
  readonly customer?: string | null;
};

/** Every method rejects with an error fit to be told. */
export type StripeLists = {
  subscriptions(of: PageOf): Promise<Page<Stripe.Subscription>>;
  /** Completed ones, with what they sold. */
  sessions(of: PageOf & { subscription?: string; paymentIntent?: string }): Promise<
    Page<Stripe.Checkout.Session>
  >;
  /** Paid ones, with their payments. */
  paidInvoices(of: PageOf & { subscription?: string }): Promise<Page<Stripe.Invoice>>;
  /** With their charges. */
  refunds(of: PageOf & { paymentIntent?: string }): Promise<Page<Stripe.Refund>>;
  disputes(of: PageOf & { paymentIntent?: string }): Promise<Page<Stripe.Dispute>>;
  /** Those some endpoint of the account did not take, of the last 30 days. */
  undelivered(of: PageOf): Promise<Page<Stripe.Event>>;
  events(of: PageOf): Promise<Page<Stripe.Event>>;
  customers(of: PageOf): Promise<Page<Stripe.Customer>>;
  /** The invoice a PaymentIntent paid; null: none. */
  invoiceOf(paymentIntent: string): Promise<string | null>;
  sessionLines(sessionId: string): Promise<Stripe.LineItem[]>;
  invoiceLines(invoiceId: string): Promise<Stripe.InvoiceLineItem[]>;
  /** Null: Stripe knows none; so all of these. */
  subscription(id: string): Promise<Shown<Stripe.Subscription> | null>;
  session(id: string): Promise<Shown<Stripe.Checkout.Session> | null>;
  invoice(id: string): Promise<Shown<Stripe.Invoice> | null>;
  paymentIntent(id: string): Promise<Shown<Stripe.PaymentIntent> | null>;
  product(id: string): Promise<Shown<Stripe.Product> | null>;
  price(id: string): Promise<Shown<Stripe.Price> | null>;
};

/** One object, and when it was so. */
export type Shown<T> = { readonly object: T; readonly readAt: Date };

const limit = 100;

/** Where it says what the key has to be allowed. */
const permissionsPage = "docs/reconcile.md";

/** A limit is waited for this often, each time longer. */
const mostWaits = 6;
const retries = 4;

export async function createStripeLists(
  connection: StripeConnection,
  wait: (ms: number) => Promise<void>,
): Promise<StripeLists> {
  const stripe = await createStripeClient(connection, { maxNetworkRetries: retries });

  async function patiently<T extends { lastResponse: { headers: unknown } }>(
    call: string,
    ask: () => Promise<T>,
  ): Promise<{ answer: T; readAt: Date }> {
    for (let waits = 0;; waits++) {
      try {
        const answer = await ask();
        const headers = new Headers(answer.lastResponse.headers as HeadersInit);
        return { answer, readAt: new Date(headers.get("date") ?? Date.now()) };
      } catch (error) {
        const isLimit = error instanceof Stripe.errors.StripeError && error.statusCode === 429;
        if (!isLimit || waits >= mostWaits) {
          throw await stripeReadError(call, error, permissionsPage);
        }
        const asked = Number(error.headers?.["retry-after"]);
        await wait(Math.max((asked || 0) * 1000, 500 * 2 ** waits));
      }
    }
  }

  type Listed<T> = Stripe.Response<Stripe.ApiList<T>>;

  async function page<T extends { id: string }>(
    call: string,
    ask: () => Promise<Listed<T>>,
  ): Promise<Page<T>> {
    const { answer, readAt } = await patiently(call, ask);
    const last = answer.data.at(-1)?.id ?? null;
    return { data: answer.data, readAt, next: answer.has_more ? last : null };
  }

  async function one<T>(
    call: string,
    ask: () => Promise<Stripe.Response<T>>,
  ): Promise<Shown<T> | null> {
    try {
      const { answer, readAt } = await patiently(call, ask);
      return { object: answer, readAt };
    } catch (error) {
      if (error instanceof Error && "status" in error && error.status === 404) return null;
      throw error;
    }
  }

  async function all<T extends { id: string }>(
    call: string,
    ask: (after: { starting_after?: string }) => Promise<Listed<T>>,
  ): Promise<T[]> {
    const found: T[] = [];
    for (let next: string | null = "";;) {
      const from = next;
      const read: Page<T> = await page(call, () => ask(from ? { starting_after: from } : {}));
      found.push(...read.data);
      next = read.next;
      if (next === null) return found;
    }
  }

  return {
    subscriptions: (of) =>
      page(
        "GET /v1/subscriptions",
        () => stripe.subscriptions.list({ ...paging(of), status: "all" }),
      ),
    sessions: ({ subscription, paymentIntent, ...of }) =>
      page("GET /v1/checkout/sessions", () =>
        stripe.checkout.sessions.list({
          ...paging(of),
          status: "complete",
          expand: ["data.line_items"],
          ...(subscription === undefined ? {} : { subscription }),
          ...(paymentIntent === undefined ? {} : { payment_intent: paymentIntent }),
        })),
    paidInvoices: ({ subscription, ...of }) =>
      page("GET /v1/invoices", () =>
        stripe.invoices.list({
          ...paging(of),
          status: "paid",
          expand: ["data.payments"],
          ...(subscription === undefined ? {} : { subscription }),
        })),
    refunds: ({ paymentIntent, ...of }) =>
      page("GET /v1/refunds", () =>
        stripe.refunds.list({
          ...paging(of),
          expand: ["data.charge"],
          ...(paymentIntent === undefined ? {} : { payment_intent: paymentIntent }),
        })),
    disputes: ({ paymentIntent, ...of }) =>
      page("GET /v1/disputes", () =>
        stripe.disputes.list({
          ...paging(of),
          ...(paymentIntent === undefined ? {} : { payment_intent: paymentIntent }),
        })),
    undelivered: (of) =>
      page("GET /v1/events", () => stripe.events.list({ ...paging(of), delivery_success: false })),
    events: (of) => page("GET /v1/events", () => stripe.events.list(paging(of))),
    customers: (of) => page("GET /v1/customers", () => stripe.customers.list(paging(of))),
    async invoiceOf(payment_intent) {
      const payment = { type: "payment_intent", payment_intent } as const;
      const { answer } = await patiently(
        "GET /v1/invoice_payments",
        () => stripe.invoicePayments.list({ limit: 1, payment }),
      );
      const invoice = answer.data[0]?.invoice ?? null;
      return typeof invoice === "object" ? invoice?.id ?? null : invoice;
    },
    sessionLines: (id) =>
      all(
        "GET /v1/checkout/sessions/{id}/line_items",
        (after) => stripe.checkout.sessions.listLineItems(id, { limit, ...after }),
      ),
    invoiceLines: (id) =>
      all(
        "GET /v1/invoices/{id}/lines",
        (after) => stripe.invoices.listLineItems(id, { limit, ...after }),
      ),
    subscription: (id) =>
      one("GET /v1/subscriptions/{id}", () => stripe.subscriptions.retrieve(id)),
    session: (id) =>
      one(
        "GET /v1/checkout/sessions/{id}",
        () => stripe.checkout.sessions.retrieve(id, { expand: ["line_items"] }),
      ),
    invoice: (id) =>
      one("GET /v1/invoices/{id}", () => stripe.invoices.retrieve(id, { expand: ["payments"] })),
    paymentIntent: (id) =>
      one("GET /v1/payment_intents/{id}", () => stripe.paymentIntents.retrieve(id)),
    product: (id) => one("GET /v1/products/{id}", () => stripe.products.retrieve(id)),
    price: (id) => one("GET /v1/prices/{id}", () => stripe.prices.retrieve(id)),
  };
}

/** What every list of Stripe's takes; events have no customer to be asked by. */
function paging({ after = null, since = null, customer = null }: PageOf): {
  limit: number;
  starting_after?: string;
  created?: { gte: number };
  customer?: string;
} {
  return {
    limit,
    ...(after === null ? {} : { starting_after: after }),
    ...(since === null ? {} : { created: { gte: Math.floor(since.getTime() / 1000) } }),
    ...(customer === null ? {} : { customer }),
  };
}

/** All of a list, page after page. */
export async function everyPage<T>(
  ask: (after: string | null) => Promise<Page<T>>,
): Promise<T[]> {
  const all: T[] = [];
  for (let after: string | null = null;;) {
    const read: Page<T> = await ask(after);
    all.push(...read.data);
    after = read.next;
    if (after === null) return all;
  }
}
