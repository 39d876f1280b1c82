// A paid invoice -> facts: what was paid for, and through when. Reads; does not decide.

import { canonicalJson } from "./canonical_json.ts";
import { type Item, nothing, type Terms } from "./purchase.ts";
import type { Reading, Stamp } from "./read_event.ts";
import type { Invoice, InvoiceLine } from "./stripe_payloads.ts";
import { readTerms } from "./terms.ts";

/** The facts in an `invoice.paid` event. */
export function readInvoice(invoice: Invoice, stamp: Stamp): Reading {
  const details = invoice.parent?.subscription_details;
  const subscription = details?.subscription ?? invoice.subscription;
  const subscriptionTerms = subscription === null
    ? null
    : readTerms(details?.metadata ?? invoice.subscription_details?.metadata ?? null);
  const ids = [subscription, invoice.payment_intent, invoice.id];
  return {
    kind: "facts",
    stripeIds: ids.filter((id) => id !== null),
    customerId: invoice.customer,
    opensSale: invoice.billing_reason === "subscription_create",
    facts: {
      ...nothing,
      customerId: invoice.customer === null ? null : { value: invoice.customer, ...stamp },
      email: invoice.customer_email === null ? null : { value: invoice.customer_email, ...stamp },
      name: invoice.customer_name === null ? null : { value: invoice.customer_name, ...stamp },
      subscriptionTerms: subscription === null ? null : { value: subscriptionTerms, ...stamp },
      invoiceTerms: subscription === null ? { value: readTerms(invoice.metadata), ...stamp } : null,
      items: subscription === null
        ? invoiceItems(invoice, stamp)
        : subscriptionItems(invoice, { stamp, subscriptionTerms }),
    },
  };
}

/** Every line of a one-off invoice that was charged. It buys no period. */
function invoiceItems(invoice: Invoice, stamp: Stamp): Record<string, Item> {
  const charged = invoice.lines.data.filter((line) => line.amount >= 0);
  return Object.fromEntries(charged.map((line) => [line.id, {
    paidThrough: null,
    line: {
      value: { ...priceOf(line), terms: readTerms(line.metadata) },
      at: invoice.created,
      by: stamp.by,
    },
  }]));
}

/**
 * The subscription items an invoice paid for. Credits pay for nothing; of several lines of one item
 * (a proration and the new period) the one that reaches furthest names the price.
 */
function subscriptionItems(
  invoice: Invoice,
  context: { stamp: Stamp; subscriptionTerms: Terms | null },
): Record<string, Item> {
  const items: Record<string, Item> = {};
  for (const line of invoice.lines.data) {
    const itemId = line.parent?.subscription_item_details?.subscription_item ??
      line.subscription_item;
    if (itemId === null || line.amount < 0) continue;
    const paidThrough = endOfPaidTime(line, invoice.created);
    const known = items[itemId];
    // Of two that reach equally far the later one: Stripe lists what it takes back first.
    if (known !== undefined && (known.paidThrough ?? 0) > (paidThrough ?? 0)) continue;
    items[itemId] = {
      paidThrough,
      line: {
        value: { ...priceOf(line), terms: ownTerms(line, context.subscriptionTerms) },
        // The newest invoice knows the price best, whenever it was paid.
        at: invoice.created,
        by: context.stamp.by,
      },
    };
  }
  return items;
}

/**
 * When the time this line pays for ends, Unix seconds. Billed in arrears, a line pays for the period
 * behind it, and the license is owed the one that runs: one more of the same length. Null: an empty
 * period, which a metered price opens with.
 */
function endOfPaidTime(line: InvoiceLine, invoiceCreated: number): number | null {
  const { start, end } = line.period;
  if (end <= start) return null;
  return isInArrears(line, invoiceCreated) ? end + (end - start) : end;
}

/**
 * A metered price is billed in arrears. Since API version 2025-03-31 a line does not say what kind
 * its price is; then its period tells, which was over when the invoice was made. What a proration
 * makes up for is over too, and yet it is none.
 */
function isInArrears(line: InvoiceLine, invoiceCreated: number): boolean {
  const usage = line.price?.recurring?.usage_type ?? null;
  if (usage !== null) return usage === "metered";
  const isProration = line.parent?.subscription_item_details?.proration ?? line.proration ?? false;
  return !isProration && line.period.end <= invoiceCreated;
}

/** Stripe copies a subscription's metadata onto its lines; only what differs is the line's own. */
function ownTerms(line: InvoiceLine, subscriptionTerms: Terms | null): Terms | null {
  const terms = readTerms(line.metadata);
  return canonicalJson(terms) === canonicalJson(subscriptionTerms) ? null : terms;
}

function priceOf(line: InvoiceLine): { priceId: string | null; productId: string | null } {
  const details = line.pricing?.price_details;
  return {
    priceId: details?.price ?? line.price?.id ?? null,
    productId: details?.product ?? line.price?.product ?? null,
  };
}
