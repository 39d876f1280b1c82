// The lines of an invoice -> what was paid for each item, from when and through when.

import { canonicalJson } from "./canonical_json.ts";
import { perhaps } from "./lattice.ts";
import type { Item, Line, Purchase, Terms } from "./purchase.ts";
import { isMetered, lineOf, type Sold } from "./read_price.ts";
import type { InvoiceLine } from "./stripe_invoice.ts";
import { readTerms } from "./read_terms.ts";

/** What lines are read with: what their invoice says. */
export type LinesContext = {
  /** Unix seconds. */
  readonly created: number;
  /** The event that lists them. */
  readonly by: string;
  readonly isSubscription: boolean;
  readonly subscriptionTerms: Terms | null;
};

/** What the lines of a paid invoice paid for. */
export function readInvoiceLines(
  lines: readonly InvoiceLine[],
  context: LinesContext,
): Pick<Purchase, "items" | "usedThrough"> {
  return context.isSubscription
    ? subscriptionItems(lines, context)
    : { items: invoiceItems(lines, context), usedThrough: {} };
}

/** Every line of a one-off invoice that was charged. It buys no period. */
function invoiceItems(
  lines: readonly InvoiceLine[],
  { created: at, by }: LinesContext,
): Record<string, Item> {
  return Object.fromEntries(
    lines.filter((line) => line.amount >= 0).map((line) => [line.id, {
      paidThrough: null,
      paidFrom: null,
      line: { value: lineOfInvoice(line, readTerms(line.metadata)), at, by },
    }]),
  );
}

/**
 * The subscription items an invoice paid for. Credits pay for nothing; of several lines of one item
 * (a proration and the new period) the one that reaches furthest names the price.
 */
function subscriptionItems(
  lines: readonly InvoiceLine[],
  { created, by, subscriptionTerms }: LinesContext,
): Pick<Purchase, "items" | "usedThrough"> {
  const items: Record<string, Item> = {};
  const usedThrough: Record<string, number> = {};
  const naming = new Map<string, InvoiceLine>();
  for (const line of lines) {
    const itemId = line.parent?.subscription_item_details?.subscription_item ??
      line.subscription_item;
    if (itemId === null || line.amount < 0) continue;
    const { start, end } = line.period;
    const arrears = isInArrears(line, created);
    if (arrears) usedThrough[itemId] = Math.max(usedThrough[itemId] ?? 0, end);
    const paidThrough = endOfPaidTime(line, arrears);
    const known = items[itemId];
    const paidFrom = perhaps(known?.paidFrom ?? null, end > start ? start : null, Math.max);
    if (known !== undefined && !reachesFurther({ line, paidThrough }, known, naming.get(itemId))) {
      items[itemId] = { ...known, paidFrom };
      continue;
    }
    naming.set(itemId, line);
    const value = lineOfInvoice(line, ownTerms(line, subscriptionTerms));
    items[itemId] = {
      paidThrough,
      paidFrom,
      // The newest invoice knows the price best, whenever it was paid.
      line: { value: arrears ? { ...value, quantity: null } : value, at: created, by },
    };
  }
  return { items, usedThrough };
}

/**
 * Whether it names the price, not the line that did so far. Of two that end at once the one that begins
 * later: it is of the later change, and Stripe lists the newest first. Of one change's the second: what
 * is taken back comes first.
 */
function reachesFurther(
  { line, paidThrough }: { line: InvoiceLine; paidThrough: number | null },
  known: Item,
  naming: InvoiceLine | undefined,
): boolean {
  const further = (paidThrough ?? 0) - (known.paidThrough ?? 0);
  return further > 0 || (further === 0 && line.period.start >= (naming?.period.start ?? 0));
}

/** What a line sells. A quantity of 0 is what a metered price opens with, so it says nothing. */
export function lineOfInvoice(line: InvoiceLine, terms: Terms | null): Line {
  return lineOf(soldBy(line), { quantity: line.quantity || null, terms });
}

/** The price and the product of a line; since Basil rarely more than their ids. */
export function soldBy({ pricing, price }: InvoiceLine): Sold {
  const details = pricing?.price_details;
  const named = details?.price ?? price;
  return { price: named, product: details?.product ?? named?.product ?? null };
}

/**
 * When the time this line pays for ends, Unix seconds. Billed in arrears, a line pays for the period
 * behind it, and the license is owed the one that runs: one more of the same length. Null: an empty
 * period, which a metered price opens with.
 */
function endOfPaidTime({ period: { start, end } }: InvoiceLine, arrears: boolean): number | null {
  if (end <= start) return null;
  return arrears ? end + (end - start) : end;
}

/**
 * A metered price is billed in arrears. Since API version 2025-03-31 a line does not say what kind
 * its price is; then its period tells, which was over when the invoice was made. What a proration
 * makes up for is over too, and yet it is none. Nothing used of a period that goes on is its opening.
 */
function isInArrears(line: InvoiceLine, invoiceCreated: number): boolean {
  const opens = line.quantity === 0 && line.period.end > invoiceCreated;
  const metered = isMetered(soldBy(line).price);
  if (metered !== null) return metered && !opens;
  const isProration = line.parent?.subscription_item_details?.proration ?? line.proration ?? false;
  return !isProration && line.period.end <= invoiceCreated;
}

/** Stripe copies a subscription's metadata onto its lines; only what differs is the line's own. */
function ownTerms(line: InvoiceLine, subscriptionTerms: Terms | null): Terms | null {
  const terms = readTerms(line.metadata);
  return canonicalJson(terms) === canonicalJson(subscriptionTerms) ? null : terms;
}
