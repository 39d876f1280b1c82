// A one-time purchase at Checkout: its session, its outcome, and the invoice when the merchant asks
// for one.
import type { BillingPeriod } from "./billing_period.ts";
import { type BuyerOptions, customerOf, typedDetails } from "./buyer.ts";
import { type Checkout, createCheckout } from "./checkout.ts";
import type { Customer } from "./customer.ts";
import type { InvoiceDraft, LineDraft } from "./invoice_draft.ts";
import { invoicePaid } from "./invoice_events.ts";
import { publishLineItems, type SoldLine } from "./line_items.ts";
import { type OrderedThings, orderLines } from "./order_lines.ts";
import { createPayment, type Payment } from "./payment.ts";
import { lineDescription } from "./price.ts";
import { publishPaidInvoice } from "./published_invoice.ts";
import type { PaymentStatus } from "./session_object.ts";
import type { StripeAccount } from "./stripe_account.ts";
import type { StripeEvent } from "./stripe_event.ts";
import { later, wholeSecond } from "./unix_time.ts";

export type BuyOptions = BuyerOptions & OrderedThings & {
  /**
   * Default null: a guest, as Stripe makes no customer unless asked. With an invoice there always
   * is one.
   */
  customer?: Customer | null;
  /** The session's. Stripe does not pass it on to the PaymentIntent or the invoice. */
  metadata?: Record<string, string>;
  /** `no_payment_required` is an order under a 100 % discount. */
  paymentStatus: PaymentStatus;
  withInvoice?: boolean;
  /** When the buyer was through; default the account's now. */
  at?: Date;
};

export type OneTimeOrder = Checkout & {
  /** `pi_…`, or `cs_…` of an order for which nothing had to be paid. */
  readonly id: string;
  readonly paymentIntentId: string | null;
  readonly invoiceId: string | null;
  readonly customer: Customer | null;
  /** `invoice.paid`, `manual`; throws a `TypeError` for an order without an invoice. */
  invoicePaid(): StripeEvent;
  /** Throws a `TypeError` for an order for which nothing had to be paid. */
  payment(): Payment;
};

export function createOneTimeOrder(account: StripeAccount, options: BuyOptions): OneTimeOrder {
  const { paymentStatus } = options;
  const order = account.nextName("order");
  const completedAt = wholeSecond(options.at ?? account.now);
  const free = paymentStatus === "no_payment_required";
  const sessionId = account.ids.of("cs", order);
  const paymentIntentId = free ? null : account.ids.of("pi", order);
  const customer = options.customer ??
    (options.withInvoice ? customerOf(account, options) : null);
  const invoice = options.withInvoice && customer
    ? { id: account.ids.of("in", order), customer }
    : null;
  const lines = orderLines(account, { things: options, free });
  const amount = lines.reduce((sum, line) => sum + line.amount, 0);

  const typed = typedDetails(options, { customer, at: completedAt });
  const checkout = createCheckout(account, {
    sessionId,
    mode: "payment",
    completedAt,
    paymentStatus,
    amounts: { subtotal: amount, total: free ? 0 : amount },
    customer: customer?.id ?? null,
    ...typed,
    metadata: options.metadata ?? {},
    invoice: invoice?.id ?? null,
    paymentIntent: paymentIntentId,
    setupIntent: null,
    subscription: null,
  });

  publishLineItems(account, { sessionId, from: completedAt, lines });
  const period = { start: completedAt, end: completedAt };
  const planned = invoice && {
    id: invoice.id,
    draft: (): InvoiceDraft => ({
      billingReason: "manual",
      created: completedAt,
      finalizedAt: completedAt,
      paidAt: later(checkout.settledAt, 1),
      period,
      customer: invoice.customer,
      metadata: {},
      subscription: null,
      paymentIntent: paymentIntentId,
      lines: lines.map((line) => invoiceLine(line, period)),
    }),
  };
  let made: Payment | null = null;

  function payment(): Payment {
    if (paymentIntentId === null) {
      throw new TypeError("Cannot pay an order for which nothing is due");
    }
    made ??= createPayment(account, {
      paymentIntent: paymentIntentId,
      amount,
      customer: customer?.id ?? null,
      email: typed.email,
      name: typed.name,
      invoice: invoice?.id ?? null,
      paidAt: checkout.settledAt,
    });
    if (planned) publishPaidInvoice(account, planned);
    return made;
  }

  return {
    ...checkout,
    id: paymentIntentId ?? sessionId,
    paymentIntentId,
    invoiceId: invoice?.id ?? null,
    customer,
    payment,
    invoicePaid() {
      if (!planned) throw new TypeError("Cannot send invoice.paid of an order without an invoice");
      if (free) publishPaidInvoice(account, planned);
      else payment();
      return invoicePaid(account, planned);
    },
  };
}

function invoiceLine(
  { price, quantity, amount, discount }: SoldLine,
  period: BillingPeriod,
): LineDraft {
  const units = quantity ?? 1;
  const description = lineDescription(price, units);
  return {
    amount,
    discount,
    description,
    period,
    price,
    quantity: units,
    metadata: {},
    item: null,
  };
}
