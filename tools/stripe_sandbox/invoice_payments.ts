// The payments of invoices, one each unless told otherwise: asked for again it is the same, with all that was refunded
// and disputed since.
import { invoicePaymentIntent, type PlannedInvoice } from "./invoice_draft.ts";
import { invoiceTotals } from "./invoice_facts.ts";
import { createPayment, type Payment } from "./payment.ts";
import { publishPaidInvoice } from "./published_invoice.ts";
import type { StripeAccount } from "./stripe_account.ts";
import { DAY, later } from "./unix_time.ts";

export type InvoicePayments = {
  /** The payment of that invoice; null when nothing was due. */
  of(invoice: PlannedInvoice): Payment | null;
  /** Payments of so many cents instead, the first made with the invoice's own payment intent. */
  inParts(invoice: PlannedInvoice, amounts: readonly number[]): Payment[];
  isInParts(invoice: PlannedInvoice): boolean;
};

export function createInvoicePayments(account: StripeAccount): InvoicePayments {
  const known = new Map<string, Payment | null>();
  const parts = new Map<string, Payment[]>();

  function pay(invoice: PlannedInvoice): Payment | null {
    const { id, draft } = invoice;
    const { lines, paidAt, finalizedAt, customer, paymentIntent: given } = draft();
    const paymentIntent = given ?? invoicePaymentIntent(account, { id, lines });
    publishPaidInvoice(account, invoice);
    if (paymentIntent === null) return null;
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

  function payInParts(invoice: PlannedInvoice, amounts: readonly number[]): Payment[] {
    const { id, draft } = invoice;
    const { lines, paidAt, finalizedAt, customer } = draft();
    const { due } = invoiceTotals(lines);
    const sum = amounts.reduce((total, amount) => total + amount, 0);
    if (sum !== due) throw new RangeError(`Cannot pay ${sum} cents of an invoice: ${due} are due`);
    publishPaidInvoice(account, invoice);
    const { email, name } = customer.stateAt(finalizedAt);
    return amounts.map((amount, index) =>
      createPayment(account, {
        paymentIntent: account.ids.of("pi", index === 0 ? id : `${id} part ${index}`),
        amount,
        customer: customer.id,
        email,
        name,
        invoice: id,
        paidAt: later(paidAt, (index + 1 - amounts.length) * DAY),
      })
    );
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
    inParts(invoice, amounts) {
      const made = parts.get(invoice.id) ?? payInParts(invoice, amounts);
      parts.set(invoice.id, made);
      return made;
    },
    isInParts: ({ id }) => parts.has(id),
  };
}
