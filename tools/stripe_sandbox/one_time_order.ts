// A one-time purchase at Checkout: its session, its outcome, and the invoice when the merchant asks
// for one.
import { type BuyerOptions, customerOf, typedDetails } from "./buyer.ts";
import { type Checkout, createCheckout } from "./checkout.ts";
import type { Customer } from "./customer.ts";
import { invoicePaid } from "./invoice_events.ts";
import { createPayment, type Payment } from "./payment.ts";
import { createPrice, lineDescription, type Price } from "./price.ts";
import type { PaymentStatus } from "./session_object.ts";
import type { StripeAccount } from "./stripe_account.ts";
import type { StripeEvent } from "./stripe_event.ts";
import { later, wholeSecond } from "./unix_time.ts";

export type BuyOptions = BuyerOptions & {
  /**
   * Default null: a guest, as Stripe makes no customer unless asked. With an invoice there always
   * is one.
   */
  customer?: Customer | null;
  /** The whole order in cents, before a discount. */
  amount: number;
  price?: string;
  product?: string;
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
  const { amount, paymentStatus } = options;
  const order = account.nextName("order");
  const completedAt = wholeSecond(options.at ?? account.now);
  const free = paymentStatus === "no_payment_required";
  const sessionId = account.ids.of("cs", order);
  const paymentIntentId = free ? null : account.ids.of("pi", order);
  const customer = options.customer ??
    (options.withInvoice ? customerOf(account, options) : null);
  const invoice = options.withInvoice && customer
    ? { id: account.ids.of("in", order), customer, price: invoicedPrice(account, options) }
    : null;

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

  const payment = paymentIntentId === null ? null : createPayment(account, {
    paymentIntent: paymentIntentId,
    amount,
    customer: customer?.id ?? null,
    email: typed.email,
    name: typed.name,
    invoice: invoice?.id ?? null,
    paidAt: checkout.settledAt,
  });

  return {
    ...checkout,
    id: paymentIntentId ?? sessionId,
    paymentIntentId,
    invoiceId: invoice?.id ?? null,
    customer,
    payment() {
      if (!payment) throw new TypeError("Cannot pay an order for which nothing is due");
      return payment;
    },
    invoicePaid() {
      if (!invoice) throw new TypeError("Cannot send invoice.paid of an order without an invoice");
      return invoicePaid(account, {
        id: invoice.id,
        draft: () => ({
          billingReason: "manual",
          created: completedAt,
          finalizedAt: completedAt,
          paidAt: later(checkout.settledAt, 1),
          period: { start: completedAt, end: completedAt },
          customer: invoice.customer,
          metadata: {},
          subscription: null,
          paymentIntent: paymentIntentId,
          lines: [{
            amount,
            discount: free ? amount : 0,
            description: lineDescription(invoice.price, 1),
            period: { start: completedAt, end: completedAt },
            price: invoice.price,
            quantity: 1,
            metadata: {},
            item: null,
          }],
        }),
      });
    },
  };
}

function invoicedPrice(account: StripeAccount, options: BuyOptions): Price {
  const { metadata: _ofTheSession, ...terms } = options;
  return createPrice(account, terms);
}
