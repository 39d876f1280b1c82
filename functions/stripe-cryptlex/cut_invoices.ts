// Invoices that are paid, and whose event listed only the first of their lines. Pure.

import { greater, perhaps, withUnknown } from "./lattice.ts";
import type { Terms } from "./purchase.ts";

/** A paid invoice of which an event showed ten lines (docs.stripe.com/api/pagination), and there are more. */
export type CutInvoice = {
  /** Unix seconds. */
  readonly created: number;
  /**
   * When what it billed before ends and what it bills in advance begins, Unix seconds: its
   * `period_end`; null: not said.
   */
  readonly billedThrough: number | null;
  /** The subscription's, as the invoice has them. */
  readonly subscriptionTerms: Terms | null;
  /** Stripe was asked for all of its lines. */
  readonly isListed: boolean;
};

/** Both are of one invoice: what an event says of it never changes. */
export function mergeCutInvoice(a: CutInvoice, b: CutInvoice): CutInvoice {
  return withUnknown(a, b, {
    created: Math.max(a.created, b.created),
    billedThrough: perhaps(a.billedThrough, b.billedThrough, Math.max),
    subscriptionTerms: perhaps(a.subscriptionTerms, b.subscriptionTerms, greater),
    isListed: a.isListed || b.isListed,
  });
}

/** The invoices to be listed, in a fixed order. */
export function unlistedInvoices(
  invoices: Readonly<Record<string, CutInvoice>>,
): [invoiceId: string, invoice: CutInvoice][] {
  return Object.entries(invoices).filter(([, { isListed }]) => !isListed)
    .sort(([a], [b]) => (a < b ? -1 : 1));
}
