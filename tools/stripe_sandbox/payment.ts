// The payment of anything: its charge, and what can still become of the money.
import { chargeObject } from "./charge_object.ts";
import { createDispute, type Dispute, type DisputeOptions } from "./dispute.ts";
import { earlyFraudWarningObject } from "./early_fraud_warning.ts";
import { invoicePaymentObject } from "./invoice_payment.ts";
import { createRefund, type Refund, type RefundOptions } from "./refund.ts";
import { asReadToday, type StripeAccount } from "./stripe_account.ts";
import type { StripeEvent } from "./stripe_event.ts";
import { later, wholeSecond } from "./unix_time.ts";

/** What was paid, by whom, for what. */
export type PaymentFacts = {
  /** `pi_…`. */
  paymentIntent: string;
  /** Cents. */
  amount: number;
  /** Null for a guest. */
  customer: string | null;
  email: string | null;
  name: string | null;
  invoice: string | null;
  paidAt: Date;
};

export type Payment = Readonly<PaymentFacts> & {
  /** `ch_…`. */
  readonly charge: string;
  /** `charge.succeeded`. */
  chargeSucceeded(): StripeEvent;
  /** `invoice_payment.paid`; null without an invoice, and before `basil`, which brought it. */
  invoicePaymentPaid(): StripeEvent | null;
  /**
   * Gives money back: what is left of it, unless told otherwise. Throws a `RangeError` for more
   * than that.
   */
  refund(options: RefundOptions): Refund;
  /** The cardholder's bank takes the money back, or asks (an inquiry). */
  dispute(options: DisputeOptions): Dispute;
  /** `radar.early_fraud_warning.created`. */
  earlyFraudWarning(options: { at: Date }): StripeEvent;
};

export function createPayment(account: StripeAccount, facts: PaymentFacts): Payment {
  const { paymentIntent, amount, invoice, paidAt } = facts;
  const charge = account.ids.of("ch", paymentIntent);
  const refunds: Refund[] = [];
  const disputes: Dispute[] = [];

  /** Of refunds at one moment those made before `last` count, and it. */
  function refundedBy(at: Date, last?: Refund): number {
    const until = last ? refunds.indexOf(last) : refunds.length;
    const counted = refunds.filter((one, index) => index <= until || one.at < at);
    return counted.reduce((sum, refund) => sum + refund.returnedBy(at), 0);
  }

  const chargeAt = (at: Date, last?: Refund, shown = account) =>
    chargeObject(shown, {
      ...facts,
      id: charge,
      refunded: refundedBy(at, last),
      disputed: disputes.some((dispute) => dispute.at <= at),
    });

  const joined = invoice === null
    ? null
    : invoicePaymentObject(account, { paymentIntent, amount, invoice, paidAt });

  account.publish(
    `/v1/charges/${charge}`,
    (at) => at < paidAt ? null : chargeAt(at, undefined, asReadToday(account)),
  );
  if (joined) {
    account.publish(`/v1/invoice_payments/${joined.id}`, (at) => paidAt <= at ? joined : null);
  }
  account.publish(`/v1/invoice_payments?payment_intent=${paymentIntent}`, (at) => ({
    object: "list",
    data: joined && paidAt <= at ? [joined] : [],
  }));

  return {
    ...facts,
    charge,
    chargeSucceeded: () =>
      account.event(`${charge} succeeded`, () => ({
        type: "charge.succeeded",
        object: chargeAt(paidAt),
        created: paidAt,
      })),
    invoicePaymentPaid() {
      if (!joined || account.shape === "acacia") return null;
      return account.event(`${paymentIntent} invoice payment`, () => ({
        type: "invoice_payment.paid",
        object: joined,
        created: later(paidAt, 2),
      }));
    },
    refund(options) {
      const at = wholeSecond(options.at);
      const left = amount - refundedBy(at);
      const refund = createRefund(account, {
        ...options,
        at,
        amount: options.amount ?? left,
        payment: { charge, paymentIntent },
        chargeAt,
      });
      if (refund.amount <= 0 || refund.amount > left) {
        throw new RangeError(`Cannot give back ${refund.amount} cents: ${left} are left`);
      }
      refunds.push(refund);
      return refund;
    },
    dispute(options) {
      const dispute = createDispute(account, {
        ...options,
        amount: options.amount ?? amount,
        payment: { charge, paymentIntent },
      });
      disputes.push(dispute);
      return dispute;
    },
    earlyFraudWarning: ({ at }) =>
      account.event(`${charge} early fraud warning`, () => ({
        type: "radar.early_fraud_warning.created",
        object: earlyFraudWarningObject(account, { charge, paymentIntent, at: wholeSecond(at) }),
        created: at,
      })),
  };
}
