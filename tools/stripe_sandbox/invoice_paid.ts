// The `invoice.paid` event, from a draft of the invoice.
import { type InvoiceFacts, type InvoiceLine, invoiceTotals } from "./invoice_facts.ts";
import { invoiceObject } from "./invoice_object.ts";
import type { StripeAccount } from "./stripe_account.ts";
import type { StripeEvent } from "./stripe_event.ts";
import { later } from "./unix_time.ts";

export type LineDraft = Omit<InvoiceLine, "id">;

/**
 * An invoice before its lines are numbered; without a `paymentIntent` it gets one when something is
 * due.
 */
export type InvoiceDraft = Omit<InvoiceFacts, "id" | "lines" | "paymentIntent"> & {
  lines: LineDraft[];
  paymentIntent?: string | null;
};

/** The event for that invoice; the draft is asked for once, a resend repeats the first answer. */
export function invoicePaid(
  account: StripeAccount,
  { id, draft }: { id: string; draft: () => InvoiceDraft },
): StripeEvent {
  return account.event(`${id} paid`, () => {
    const { lines, paymentIntent, ...facts } = draft();
    const payment = invoiceTotals(lines).due > 0 ? account.ids.of("pi", id) : null;
    const object = invoiceObject(account, {
      ...facts,
      id,
      paymentIntent: paymentIntent === undefined ? payment : paymentIntent,
      lines: lines.map((line, index) => ({ ...line, id: account.ids.of("il", `${id} ${index}`) })),
    });
    return { type: "invoice.paid", object, created: later(facts.paidAt, 2) };
  });
}
