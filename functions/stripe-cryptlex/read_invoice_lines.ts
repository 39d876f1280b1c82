// The lines of a subscription's invoice -> what was paid for each item, from when and through when.

import { canonicalJson } from "./canonical_json.ts";
import { perhaps } from "./lattice.ts";
import type { Item, Line, Terms } from "./purchase.ts";
import { isMetered, lineOf, type Sold } from "./read_price.ts";
import type { Stamp } from "./reading.ts";
import type { Invoice, InvoiceLine } from "./stripe_invoice.ts";
import { readTerms } from "./terms.ts";

/**
 * The subscription items an invoice paid for. Credits pay for nothing; of several lines of one item
 * (a proration and the new period) the one that reaches furthest names the price.
 */
export function subscriptionItems(
  invoice: Invoice,
  context: { stamp: Stamp; subscriptionTerms: Terms | null },
): Record<string, Item> {
  const items: Record<string, Item> = {};
  for (const line of invoice.lines.data) {
    const itemId = line.parent?.subscription_item_details?.subscription_item ??
      line.subscription_item;
    if (itemId === null || line.amount < 0) continue;
    const { start, end } = line.period;
    const arrears = isInArrears(line, invoice.created);
    const paidThrough = endOfPaidTime(line, arrears);
    const known = items[itemId];
    const paidFrom = perhaps(known?.paidFrom ?? null, end > start ? start : null, Math.max);
    // Of two that reach equally far the later one: Stripe lists what it takes back first.
    if (known !== undefined && (known.paidThrough ?? 0) > (paidThrough ?? 0)) {
      items[itemId] = { ...known, paidFrom };
      continue;
    }
    const value = lineOfInvoice(line, ownTerms(line, context.subscriptionTerms));
    items[itemId] = {
      paidThrough,
      paidFrom,
      line: {
        value: arrears ? { ...value, quantity: null } : value,
        // The newest invoice knows the price best, whenever it was paid.
        at: invoice.created,
        by: context.stamp.by,
      },
    };
  }
  return items;
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
 * makes up for is over too, and yet it is none.
 */
function isInArrears(line: InvoiceLine, invoiceCreated: number): boolean {
  const metered = isMetered(soldBy(line).price);
  if (metered !== null) return metered;
  const isProration = line.parent?.subscription_item_details?.proration ?? line.proration ?? false;
  return !isProration && line.period.end <= invoiceCreated;
}

/** Stripe copies a subscription's metadata onto its lines; only what differs is the line's own. */
function ownTerms(line: InvoiceLine, subscriptionTerms: Terms | null): Terms | null {
  const terms = readTerms(line.metadata);
  return canonicalJson(terms) === canonicalJson(subscriptionTerms) ? null : terms;
}
