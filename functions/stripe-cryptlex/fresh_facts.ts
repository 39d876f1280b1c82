// What Stripe shows when asked -> facts, as its events are read. Pure.

import { z } from "zod";
import type { CutInvoice } from "./cut_invoices.ts";
import { type Line, nothing, type Purchase, type Session } from "./purchase.ts";
import { readInvoiceLines, soldBy } from "./read_invoice_lines.ts";
import { type CatalogTerms, catalogTermsOf, lineOf, type Sold, soldAt } from "./read_price.ts";
import { readSubscription } from "./read_subscription.ts";
import { byReading, type Stamp } from "./reading.ts";
import { invoiceLines, invoicePaymentShown } from "./stripe_invoice.ts";
import { sessionLine } from "./stripe_session_line.ts";
import { subscription } from "./stripe_subscription.ts";
import { readTerms } from "./read_terms.ts";
import { NeedsPersonError } from "./trouble.ts";
import { problemOf } from "./understand.ts";

/** Facts about a purchase, and ids it is known by. */
export type FreshFacts = { readonly facts: Purchase; readonly stripeIds: readonly string[] };

/** What Stripe showed, and when. */
export type Shown<T> = { readonly readAt: Date; readonly object: T };

/**
 * A subscription as it is now.
 *
 * @throws {NeedsPersonError} it cannot be understood, as all of these.
 */
export function freshSubscription({ readAt, object }: Shown<unknown>): FreshFacts {
  const stamp = stampOf(readAt);
  const shown = understood("the subscription", subscription, object);
  const { facts, stripeIds } = readSubscription(shown, stamp);
  const sold = shown.items.data.map(({ price }) => soldAt(price));
  return { facts: { ...facts, catalogTerms: askedTerms(sold, stamp) }, stripeIds };
}

/** What a checkout session sold. Of the session itself nothing is said that an event knows better. */
export function freshSessionLines(
  sessionId: string,
  { readAt, object }: Shown<readonly unknown[]>,
): FreshFacts {
  const stamp = stampOf(readAt);
  const shown = understood("what the session sold", z.array(sessionLine), object);
  const lines = Object.fromEntries(shown.map((line) => {
    const value: Line = lineOf(soldAt(line.price), {
      quantity: line.quantity,
      terms: readTerms(line.metadata),
    });
    return [line.id, { value, ...stamp }];
  }));
  const session: Session = {
    payment: "unpaid",
    completed: false,
    amountTotal: null,
    terms: { value: null, at: 0, by: "" },
    lines,
  };
  const catalogTerms = askedTerms(shown.map(({ price }) => soldAt(price)), stamp);
  return {
    facts: { ...nothing, sessions: { [sessionId]: session }, catalogTerms },
    stripeIds: [sessionId],
  };
}

/** All that a paid invoice billed, of which its event listed only the first. */
export function freshInvoiceLines(
  { invoiceId, invoice, isSubscription }: {
    invoiceId: string;
    invoice: CutInvoice;
    isSubscription: boolean;
  },
  { readAt, object }: Shown<readonly unknown[]>,
): FreshFacts {
  const lines = understood("what the invoice billed", invoiceLines, object);
  const { created, subscriptionTerms } = invoice;
  return {
    facts: {
      ...nothing,
      ...readInvoiceLines(lines, { created, by: byReading, isSubscription, subscriptionTerms }),
      catalogTerms: catalogTermsOf(lines.map(soldBy), stampOf(readAt)),
      cutInvoices: { [invoiceId]: { ...invoice, isListed: true } },
    },
    stripeIds: [invoiceId],
  };
}

/** The invoices a payment intent paid, and their subscriptions: more ids, and that they are known. */
export function freshInvoice({ object }: Shown<readonly unknown[]>): FreshFacts {
  const shown = understood("the invoice of the payment", z.array(invoicePaymentShown), object);
  const ids = shown.flatMap(({ invoice }) => [invoice.id, invoice.subscription]);
  const stripeIds = [...new Set(ids.filter((id) => id !== null))];
  return { facts: { ...nothing, invoiceKnown: stripeIds.length > 0 }, stripeIds };
}

function stampOf(readAt: Date): Stamp {
  return { at: Math.floor(readAt.getTime() / 1000), by: byReading };
}

/** What they say; null of those that say nothing: then there is nothing to ask for again. */
function askedTerms(sold: readonly Sold[], stamp: Stamp): CatalogTerms {
  const asked = sold.flatMap(({ price, product }) => [price, product]).filter((one) =>
    one !== null
  );
  return {
    ...Object.fromEntries(asked.map(({ id }) => [id, { value: null, ...stamp }])),
    ...catalogTermsOf(sold, stamp),
  };
}

function understood<T extends z.ZodType>(what: string, schema: T, object: unknown): z.infer<T> {
  const parsed = schema.safeParse(object);
  if (parsed.success) return parsed.data;
  throw new NeedsPersonError(
    `Cannot understand ${what} as Stripe shows it: ${problemOf(parsed.error)}`,
  );
}
