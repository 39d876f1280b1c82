// Which object of Stripe's a convergence has to see again, given a key: one at most. Pure.

import { type CutInvoice, unlistedInvoices } from "./cut_invoices.ts";
import { needsSubscription, type ReadContext } from "./needs_subscription.ts";
import type { Purchase } from "./purchase.ts";

/** An object to be read. */
export type NeededRead =
  | { readonly kind: "invoice_lines"; readonly invoiceId: string; readonly invoice: CutInvoice }
  | { readonly kind: "subscription"; readonly id: string }
  | { readonly kind: "session_lines"; readonly sessionId: string }
  | { readonly kind: "invoice"; readonly paymentIntent: string };

/** Null: enough is known. An ended purchase asks for nothing but what was paid, which may be owed. */
export function neededRead(purchase: Purchase, context: ReadContext): NeededRead | null {
  const [cut] = unlistedInvoices(purchase.cutInvoices);
  if (cut !== undefined) return { kind: "invoice_lines", invoiceId: cut[0], invoice: cut[1] };
  if (purchase.ended) return null;
  const { purchaseId } = context;
  if (purchaseId.startsWith("sub_")) {
    return needsSubscription(purchase, context) ? { kind: "subscription", id: purchaseId } : null;
  }
  if (purchaseId.startsWith("pi_") || purchaseId.startsWith("cs_")) {
    const sessionId = unlistedSession(purchase, context);
    if (sessionId !== null) return { kind: "session_lines", sessionId };
  }
  if (purchaseId.startsWith("pi_") && isMoneyAlone(purchase)) {
    return { kind: "invoice", paymentIntent: purchaseId };
  }
  return null;
}

/** A paid session of which nothing says what it sold, nor any license. */
function unlistedSession({ sessions, items }: Purchase, { licenses }: ReadContext): string | null {
  if (licenses.length > 0 || Object.keys(items).length > 0) return null;
  const unlisted = Object.entries(sessions).filter(([, { payment, terms, lines }]) =>
    payment === "paid" && terms.value === null && lines === null
  );
  return unlisted.map(([id]) => id).sort()[0] ?? null;
}

/** Money came back or is disputed, and nothing says for what it was paid. */
function isMoneyAlone(
  { sessions, items, charges, disputes, invoiceKnown }: Purchase,
): boolean {
  const known = (record: object) => Object.keys(record).length > 0;
  return !invoiceKnown && !known(sessions) && !known(items) && (known(charges) || known(disputes));
}
