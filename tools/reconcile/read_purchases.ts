// The purchases Stripe knows, a page of them after the other, each with all its money.

import type Stripe from "stripe";
import { readEvent } from "../../functions/stripe-cryptlex/read_event.ts";
import { type Look, lookAt, paymentIntentsOf } from "./look.ts";
import type { FindMoneyBack } from "./money_back.ts";
import type { PriceBook } from "./price_book.ts";
import type { Scope } from "./read_scope.ts";
import { sideBySide } from "./side_by_side.ts";
import { everyPage, type Page, type PageOf, type StripeLists } from "./stripe_lists.ts";

/** What is read, in this order. */
export const phases = ["subscriptions", "sessions", "invoices", "touched", "named"] as const;
export type Phase = typeof phases[number];

/** Where reading goes on: that phase, behind that object; null: from its beginning. */
export type Cursor = { readonly phase: Phase; readonly after: string | null };

export type Batch = {
  readonly looks: readonly Look[];
  /** Where the next one begins. */
  readonly next: Cursor | null;
  /** Named on the command line, and not known to Stripe. */
  readonly unknown: readonly string[];
};

export type PurchaseSource = {
  readonly lists: StripeLists;
  readonly prices: PriceBook;
  readonly moneyBack: FindMoneyBack;
};

/** So many of a page at a time: Stripe allows 25 reads a second in test mode, 100 in live mode. */
const atOnce = 6;

/** Every batch of the scope from `from` on. */
export async function* readPurchases(
  source: PurchaseSource,
  { scope, from }: { scope: Scope; from: Cursor | null },
): AsyncGenerator<Batch> {
  const wanted = phasesOf(scope);
  let cursor: Cursor | null = from ?? { phase: wanted[0] ?? "subscriptions", after: null };
  while (cursor !== null) {
    const batch: Batch = await readBatch(source, { scope, cursor, wanted });
    yield batch;
    cursor = batch.next;
  }
}

function phasesOf({ kind }: Scope): readonly Phase[] {
  if (kind === "purchases") return ["named"];
  const all: Phase[] = ["subscriptions", "sessions", "invoices"];
  return kind === "since" ? [...all, "touched"] : all;
}

async function readBatch(
  source: PurchaseSource,
  { scope, cursor: { phase, after }, wanted }: {
    scope: Scope;
    cursor: Cursor;
    wanted: readonly Phase[];
  },
): Promise<Batch> {
  const { lists } = source;
  const of: PageOf = {
    after,
    since: scope.kind === "since" ? scope.since : null,
    customer: scope.kind === "customer" ? scope.customerId : null,
  };
  const nextPhase = wanted[wanted.indexOf(phase) + 1];
  const begun: Cursor | null = nextPhase === undefined ? null : { phase: nextPhase, after: null };
  const read = async <T>(
    { data, readAt, next }: Page<T>,
    look: (one: T, readAt: Date) => Promise<Look | null>,
  ): Promise<Batch> => ({
    looks: (await sideBySide(data, atOnce, (one) => look(one, readAt))).filter((one) =>
      one !== null
    ),
    next: next === null ? begun : { phase, after: next },
    unknown: [],
  });
  switch (phase) {
    case "subscriptions":
      return await read(
        await lists.subscriptions(of),
        (one, at) => ofSubscription(source, one, at),
      );
    case "sessions":
      return await read(
        await lists.sessions(of),
        async (one, at) => one.mode === "payment" ? await ofSession(source, one, at) : null,
      );
    case "invoices":
      return await read(
        await lists.paidInvoices(of),
        (one, at) => ofInvoice(source, one, at, scope),
      );
    case "touched":
      return await read(await lists.events(of), (event) => ofEvent(source, event));
    case "named": {
      const ids = scope.kind === "purchases" ? scope.ids : [];
      const looks = await sideBySide(ids, atOnce, (id) => named(source, id));
      return {
        looks: looks.filter((look) => look !== null),
        next: begun,
        unknown: ids.filter((_, index) => looks[index] === null),
      };
    }
  }
}

async function ofSubscription(
  { lists, prices, moneyBack }: PurchaseSource,
  subscription: Stripe.Subscription,
  readAt: Date,
): Promise<Look> {
  const { id } = subscription;
  const paid = await everyPage((after) => lists.paidInvoices({ after, subscription: id }));
  const sessions = await everyPage((after) => lists.sessions({ after, subscription: id }));
  return lookAt({
    readAt,
    subscription: await prices.withProducts(subscription),
    sessions,
    invoices: await Promise.all(paid.map(prices.withPrices)),
    ...await moneyBack(paid.flatMap(paymentIntentsOf)),
  });
}

/** A one-time purchase at Checkout; with its invoice, if it has one. */
async function ofSession(
  { lists, prices, moneyBack }: PurchaseSource,
  session: Stripe.Checkout.Session,
  readAt: Date,
): Promise<Look> {
  const { payment_intent: intent, invoice: billed, line_items: listed } = session;
  const invoice = billed === null ? null : (await lists.invoice(idOf(billed)))?.object ?? null;
  const lines = listed === undefined || listed.has_more
    ? await lists.sessionLines(session.id)
    : listed.data;
  const intents = [
    ...(intent === null ? [] : [idOf(intent)]),
    ...(invoice === null ? [] : paymentIntentsOf(invoice)),
  ];
  return lookAt({
    readAt,
    sessions: [session],
    sessionLines: await prices.linesWithProducts(lines),
    invoices: invoice?.status === "paid" ? [await prices.withPrices(invoice)] : [],
    ...await moneyBack([...new Set(intents)]),
  });
}

/** One written by hand; what a subscription or a session was billed for is theirs. */
async function ofInvoice(
  source: PurchaseSource,
  invoice: Stripe.Invoice,
  readAt: Date,
  scope: Scope,
): Promise<Look | null> {
  const { lists, prices, moneyBack } = source;
  const subscription = invoice.parent?.subscription_details?.subscription;
  if (subscription) {
    // Of a time only the new ones are listed; an old one was billed in it.
    return scope.kind === "since" ? await named(source, idOf(subscription)) : null;
  }
  const intents = paymentIntentsOf(invoice);
  for (const paymentIntent of intents) {
    const { data } = await lists.sessions({ paymentIntent });
    if (data.length > 0) return null;
  }
  return lookAt({
    readAt,
    sessions: [],
    invoices: [await prices.withPrices(invoice)],
    ...await moneyBack(intents),
  });
}

/** What an event tells of, read anew: it may be older than all that is listed. */
async function ofEvent(source: PurchaseSource, event: Stripe.Event): Promise<Look | null> {
  const { reading } = readEvent(event);
  if (reading.kind !== "facts") return null;
  for (const id of reading.stripeIds) {
    const look = await named(source, id);
    if (look !== null) return look;
  }
  return null;
}

/** The purchase of that id; null: Stripe knows none, or it is none of its own. */
async function named(source: PurchaseSource, id: string): Promise<Look | null> {
  const { lists } = source;
  switch (id.slice(0, id.indexOf("_"))) {
    case "sub": {
      const shown = await lists.subscription(id);
      return shown && await ofSubscription(source, shown.object, shown.readAt);
    }
    case "cs": {
      const shown = await lists.session(id);
      if (shown === null) return null;
      const { object, readAt } = shown;
      if (object.subscription !== null) return await named(source, idOf(object.subscription));
      return object.mode === "payment" ? await ofSession(source, object, readAt) : null;
    }
    case "pi": {
      const { data: [session], readAt } = await lists.sessions({ paymentIntent: id });
      if (session !== undefined) return await ofSession(source, session, readAt);
      const invoice = await lists.invoiceOf(id);
      return invoice === null ? null : await named(source, invoice);
    }
    case "in": {
      const shown = await lists.invoice(id);
      if (shown?.object.status !== "paid") return null;
      return await ofInvoice(source, shown.object, shown.readAt, {
        kind: "since",
        since: new Date(0),
      });
    }
    default:
      return null;
  }
}

function idOf(reference: string | { readonly id: string }): string {
  return typeof reference === "string" ? reference : reference.id;
}
