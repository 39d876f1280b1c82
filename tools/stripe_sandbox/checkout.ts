// A Checkout Session's life as events: completed, and for delayed payment methods the outcome days
// later. The read API gives it once the buyer is through.
import { type PaymentStatus, type SessionFacts, sessionObject } from "./session_object.ts";
import { asReadToday, type StripeAccount } from "./stripe_account.ts";
import type { StripeEvent } from "./stripe_event.ts";
import { DAY, later } from "./unix_time.ts";

/** From opening the page to paying, and from a debit's order to its outcome. */
const BUYER_TAKES = 90;
const DEBIT_TAKES = 3 * DAY;

export type CheckoutOptions = Omit<SessionFacts, "id" | "created"> & {
  sessionId: string;
  completedAt: Date;
  paymentStatus: PaymentStatus;
};

export type Checkout = {
  readonly sessionId: string;
  /** When the money was there; for an `unpaid` session days after its completion. */
  readonly settledAt: Date;
  /** `checkout.session.completed`. */
  completed(): StripeEvent;
  /**
   * `checkout.session.async_payment_succeeded`; throws a `TypeError` unless the session was
   * `unpaid`.
   */
  asyncPaymentSucceeded(): StripeEvent;
  /**
   * `checkout.session.async_payment_failed`; throws a `TypeError` unless the session was `unpaid`.
   */
  asyncPaymentFailed(): StripeEvent;
};

export function createCheckout(account: StripeAccount, options: CheckoutOptions): Checkout {
  const { sessionId, completedAt, paymentStatus, ...facts } = options;
  const settledAt = paymentStatus === "unpaid" ? later(completedAt, DEBIT_TAKES) : completedAt;

  let settled: PaymentStatus = paymentStatus;

  const object = (status: PaymentStatus, shown = account) =>
    sessionObject(shown, {
      ...facts,
      id: sessionId,
      created: later(completedAt, -BUYER_TAKES),
      paymentStatus: status,
    });

  account.publish(
    `/v1/checkout/sessions/${sessionId}`,
    (at) =>
      at < completedAt
        ? null
        : object(at < settledAt ? paymentStatus : settled, asReadToday(account)),
  );

  function event(what: string, { at, status }: { at: Date; status: PaymentStatus }): StripeEvent {
    return account.event(`${sessionId} ${what}`, () => ({
      type: `checkout.session.${what}`,
      object: object(status),
      created: later(at, 2),
    }));
  }

  function outcome(what: string, status: PaymentStatus): StripeEvent {
    if (paymentStatus !== "unpaid") {
      throw new TypeError(
        `Cannot send ${what} as only an unpaid session has a later outcome: ` +
          `payment status is ${paymentStatus}`,
      );
    }
    settled = status;
    return event(what, { at: settledAt, status });
  }

  return {
    sessionId,
    settledAt,
    completed: () => event("completed", { at: completedAt, status: paymentStatus }),
    asyncPaymentSucceeded: () => outcome("async_payment_succeeded", "paid"),
    asyncPaymentFailed: () => outcome("async_payment_failed", "unpaid"),
  };
}
