// A Checkout Session's life as events: completed, and for delayed payment methods the outcome days
// later.
import { type PaymentStatus, type SessionFacts, sessionObject } from "./session_object.ts";
import type { StripeAccount } from "./stripe_account.ts";
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

  function event(what: string, { at, status }: { at: Date; status: PaymentStatus }): StripeEvent {
    return account.event(`${sessionId} ${what}`, () => ({
      type: `checkout.session.${what}`,
      object: sessionObject(account, {
        ...facts,
        id: sessionId,
        created: later(completedAt, -BUYER_TAKES),
        paymentStatus: status,
      }),
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
