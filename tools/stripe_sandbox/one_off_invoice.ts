// An invoice a merchant writes by hand: no session, no subscription.
import { createCustomer, type Customer } from "./customer.ts";
import type { InvoiceDraft } from "./invoice_draft.ts";
import { invoicePaid } from "./invoice_events.ts";
import { createInvoicePayments } from "./invoice_payments.ts";
import type { Payment } from "./payment.ts";
import { createPrice, lineDescription } from "./price.ts";
import type { StripeAccount } from "./stripe_account.ts";
import type { StripeEvent } from "./stripe_event.ts";
import { DAY, later, wholeSecond } from "./unix_time.ts";

export type OneOffInvoiceOptions = {
  /** Default: a new customer of that e-mail and name. */
  customer?: Customer;
  email?: string | null;
  name?: string | null;
  lines: {
    price?: string;
    product?: string;
    /** Per unit, in cents. */
    amount: number;
    quantity?: number;
    metadata?: Record<string, string>;
    priceMetadata?: Record<string, string>;
    productName?: string;
    productMetadata?: Record<string, string>;
  }[];
  metadata?: Record<string, string>;
  /** When it was written; default the account's now. It is paid a day later. */
  at?: Date;
};

export type OneOffInvoice = {
  /** `in_…`. */
  readonly id: string;
  readonly customer: Customer;
  /** `invoice.paid` with billing reason `manual`. */
  paid(options?: { paidAt?: Date }): StripeEvent;
  /** Throws a `TypeError` when nothing was due. */
  payment(): Payment;
  /**
   * Instead of that one: payments of so many cents, the last on the day it is paid and the others a
   * day apart before that. Throws a `RangeError` when they are not what was due.
   */
  partPayments(amounts: readonly number[]): Payment[];
};

export function createOneOffInvoice(
  account: StripeAccount,
  options: OneOffInvoiceOptions,
): OneOffInvoice {
  const id = account.ids.of("in", account.nextName("invoice"));
  const created = wholeSecond(options.at ?? account.now);
  const period = { start: created, end: created };
  const customer = options.customer ??
    createCustomer(account, { email: options.email ?? null, name: options.name ?? null });
  const lines = options.lines.map(
    ({ quantity = 1, metadata = {}, priceMetadata = {}, ...terms }) => {
      const price = createPrice(account, { ...terms, metadata: priceMetadata });
      return {
        amount: price.amount * quantity,
        discount: 0,
        description: lineDescription(price, quantity),
        period,
        price,
        quantity,
        metadata,
        item: null,
      };
    },
  );

  const payments = createInvoicePayments(account);
  let paidAt = later(created, DAY);
  const invoice = {
    id,
    draft: (): InvoiceDraft => ({
      billingReason: "manual",
      created,
      finalizedAt: created,
      paidAt,
      period,
      customer,
      metadata: options.metadata ?? {},
      subscription: null,
      lines,
    }),
  };

  return {
    id,
    customer,
    paid(paying = {}) {
      if (paying.paidAt) paidAt = wholeSecond(paying.paidAt);
      if (!payments.isInParts(invoice)) payments.of(invoice);
      return invoicePaid(account, invoice);
    },
    payment() {
      const payment = payments.of(invoice);
      if (!payment) throw new TypeError("Cannot pay an invoice of nothing");
      return payment;
    },
    partPayments: (amounts) => payments.inParts(invoice, amounts),
  };
}
