// An invoice to be, and how it is written: its lines are numbered and its payment is named.
import {
  type Collection,
  type InvoiceFacts,
  type InvoiceLine,
  invoiceTotals,
} from "./invoice_facts.ts";
import { invoiceLineObjects, invoiceObject } from "./invoice_object.ts";
import type { StripeAccount } from "./stripe_account.ts";

export type LineDraft = Omit<InvoiceLine, "id">;

/**
 * An invoice before its lines are numbered; without a `paymentIntent` it gets one when something is
 * due.
 */
export type InvoiceDraft =
  & Omit<InvoiceFacts, "id" | "lines" | "paymentIntent" | "collection" | "dueDate">
  & { lines: LineDraft[]; paidAt: Date; paymentIntent?: string | null; dueDate?: Date | null };

/** An invoice to be; the draft is asked for once per event, a resend repeats the first answer. */
export type PlannedInvoice = { id: string; draft: () => InvoiceDraft };

/** The invoice of a draft as Stripe's object; paid unless told otherwise. */
export function writeDraft(
  account: StripeAccount,
  invoice: { id: string; draft: InvoiceDraft; collection?: Collection },
): Record<string, unknown> {
  return invoiceObject(account, invoiceFacts(account, invoice));
}

/** All lines of a draft, of which the invoice itself shows the first. */
export function writeDraftLines(
  account: StripeAccount,
  invoice: { id: string; draft: InvoiceDraft },
): Record<string, unknown>[] {
  return invoiceLineObjects(account, invoiceFacts(account, invoice));
}

function invoiceFacts(
  account: StripeAccount,
  invoice: { id: string; draft: InvoiceDraft; collection?: Collection },
): InvoiceFacts {
  const { id, draft: { lines, paymentIntent, paidAt, dueDate = null, ...facts } } = invoice;
  return {
    ...facts,
    id,
    collection: invoice.collection ?? { status: "paid", paidAt },
    dueDate,
    paymentIntent: paymentIntent === undefined
      ? invoicePaymentIntent(account, { id, lines })
      : paymentIntent,
    lines: lines.map((line, index) => ({ ...line, id: account.ids.of("il", `${id} ${index}`) })),
  };
}

/** `pi_…` of an invoice that makes its own PaymentIntent; null when nothing is due. */
export function invoicePaymentIntent(
  account: StripeAccount,
  { id, lines }: { id: string; lines: LineDraft[] },
): string | null {
  return invoiceTotals(lines).due > 0 ? account.ids.of("pi", id) : null;
}
