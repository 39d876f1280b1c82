// A refund and its fate, as events.
import { createHistory } from "./history.ts";
import { previousAttributes } from "./previous_attributes.ts";
import { refundObject, type RefundState, type RefundStatus } from "./refund_object.ts";
import type { StripeAccount } from "./stripe_account.ts";
import type { StripeEvent } from "./stripe_event.ts";
import { wholeSecond } from "./unix_time.ts";

export type RefundOptions = {
  /** Cents; default all that is left. */
  amount?: number;
  at: Date;
  /** As it begins; default `succeeded`. */
  status?: RefundStatus;
  /** Default `requested_by_customer`. */
  reason?: "duplicate" | "fraudulent" | "requested_by_customer" | null;
};

export type Refund = {
  /** `re_…`. */
  readonly id: string;
  readonly amount: number;
  readonly at: Date;
  /** The cents it gives back as of that moment: none before it was made and once it failed. */
  returnedBy(moment: Date): number;
  /** `refund.created`. */
  created(): StripeEvent;
  /** `charge.refunded`: the charge with all that was given back by then. */
  chargeRefunded(): StripeEvent;
  /** `refund.updated`. */
  updated(change: { status: RefundStatus; at: Date }): StripeEvent;
  /** `refund.failed`: the money is the merchant's again. */
  failed(change: { at: Date; reason?: string }): StripeEvent;
};

export type RefundFacts = RefundOptions & {
  amount: number;
  payment: { charge: string; paymentIntent: string };
  /** The charge as this refund leaves it. */
  chargeAt(moment: Date, last: Refund): Record<string, unknown>;
};

export function createRefund(account: StripeAccount, facts: RefundFacts): Refund {
  const { amount, at, status = "succeeded", payment } = facts;
  const { reason = "requested_by_customer" } = facts;
  const id = account.ids.of("re", account.nextName(`${payment.charge} refund`));
  const beginning: RefundState = { status, failureReason: null };
  const history = createHistory(beginning);
  const object = (state: RefundState) =>
    refundObject(account, { ...payment, id, amount, at, reason, state });

  function change(what: "updated" | "failed", moment: Date, state: RefundState): StripeEvent {
    return account.event(`${id} ${what} ${moment.toISOString()} ${state.status}`, () => {
      const before = object(history.at(moment));
      history.change(moment, state);
      const after = object(history.at(moment));
      return {
        type: `refund.${what}`,
        object: after,
        created: moment,
        ...(what === "updated" ? { previous: previousAttributes(before, after) } : {}),
      };
    });
  }

  account.publish(
    `/v1/refunds/${id}`,
    (moment) => moment < at ? null : object(history.at(moment)),
  );

  const refund: Refund = {
    id,
    amount,
    at,
    returnedBy(moment) {
      const isLost = ["failed", "canceled"].includes(history.at(moment).status);
      return moment < at || isLost ? 0 : amount;
    },
    created: () =>
      account.event(`${id} created`, () => ({
        type: "refund.created",
        object: object(beginning),
        created: at,
      })),
    chargeRefunded: () =>
      account.event(`${id} charge refunded`, () => ({
        type: "charge.refunded",
        object: facts.chargeAt(at, refund),
        created: at,
      })),
    updated: (update) =>
      change("updated", wholeSecond(update.at), { status: update.status, failureReason: null }),
    failed: ({ at: failedAt, reason: failureReason = "expired_or_canceled_card" }) =>
      change("failed", wholeSecond(failedAt), { status: "failed", failureReason }),
  };
  return refund;
}
