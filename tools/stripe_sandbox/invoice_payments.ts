// The payments of invoices, one each: asked for again it is the same, with all that was refunded
// and disputed since.
import { invoicePaymentIntent, type PlannedInvoice } from "./invoice_draft.ts";
import { invoiceTotals } from "./invoice_facts.ts";
import { createPayment, type Payment } from "./payment.ts";
import { publishPaidInvoice } from "./published_invoice.ts";
import type { StripeAccount } from "./stripe_account.ts";

export type InvoicePayments = {
  /** The payment of that invoice; null when nothing was due. */
  of(invoice: PlannedInvoice): Payment | null;
};

export function createInvoicePayments(account: StripeAccount): InvoicePayments {
  const known = new Map<string, Payment | null>();

  function pay(invoice: PlannedInvoice): Payment | null {
    const { id, draft } = invoice;
    const { lines, paidAt, finalizedAt, customer, paymentIntent: given } = draft();
    const paymentIntent = given ?? invoicePaymentIntent(account, { id, lines });
    if (paymentIntent === null) return null;
    publishPaidInvoice(account, invoice);
    const { email, name } = customer.stateAt(finalizedAt);
    const amount = invoiceTotals(lines).due;
    return createPayment(account, {
      paymentIntent,
      amount,
      customer: customer.id,
      email,
      name,
      invoice: id,
      paidAt,
    });
  }

  return {
    of(invoice) {
      let payment = known.get(invoice.id);
      if (payment === undefined) {
        payment = pay(invoice);
        known.set(invoice.id, payment);
      }
      return payment;
    },
  };
}
