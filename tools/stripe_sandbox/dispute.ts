// A dispute over a payment and its course, as events.
import { disputeObject, type DisputeStatus } from "./dispute_object.ts";
import { createHistory } from "./history.ts";
import { previousAttributes } from "./previous_attributes.ts";
import type { StripeAccount } from "./stripe_account.ts";
import type { StripeEvent } from "./stripe_event.ts";
import { later, wholeSecond } from "./unix_time.ts";

export type DisputeOptions = {
  at: Date;
  /** As it begins; default `needs_response`. `warning_needs_response` is an inquiry. */
  status?: DisputeStatus;
  /** Cents; default the whole payment. */
  amount?: number;
  /** Default `fraudulent`. */
  reason?: string;
};

export type Dispute = {
  /** `du_…`. */
  readonly id: string;
  readonly amount: number;
  readonly at: Date;
  /** `charge.dispute.created`. */
  created(): StripeEvent;
  /** `charge.dispute.updated`. */
  updated(change: { status: DisputeStatus; at: Date }): StripeEvent;
  /** `charge.dispute.funds_withdrawn`, by default with the dispute; an inquiry takes no money. */
  fundsWithdrawn(options?: { at?: Date }): StripeEvent;
  /** `charge.dispute.closed`. */
  closed(change: { status: ClosedDisputeStatus; at: Date }): StripeEvent;
  /** `charge.dispute.funds_reinstated`. */
  fundsReinstated(options: { at: Date }): StripeEvent;
};

export type ClosedDisputeStatus = "won" | "lost" | "warning_closed" | "prevented";

export function createDispute(
  account: StripeAccount,
  facts: DisputeOptions & {
    amount: number;
    payment: { charge: string; paymentIntent: string };
  },
): Dispute {
  const { amount, payment, status = "needs_response", reason = "fraudulent" } = facts;
  const at = wholeSecond(facts.at);
  const id = account.ids.of("du", account.nextName(`${payment.charge} dispute`));
  const history = createHistory({ status });
  const object = (state: { status: DisputeStatus }) =>
    disputeObject(account, { ...payment, id, amount, at, reason, status: state.status });

  function tell(what: string, moment: Date, change: { status?: DisputeStatus } = {}): StripeEvent {
    const name = `${id} ${what} ${moment.toISOString()} ${change.status ?? ""}`;
    return account.event(name, () => {
      const before = object(history.at(moment));
      history.change(moment, change);
      const after = object(history.at(moment));
      const previous = change.status && { previous: previousAttributes(before, after) };
      return { type: `charge.dispute.${what}`, object: after, created: moment, ...previous };
    });
  }

  account.publish(
    `/v1/disputes/${id}`,
    (moment) => moment < at ? null : object(history.at(moment)),
  );

  return {
    id,
    amount,
    at,
    created: () =>
      account.event(`${id} created`, () => ({
        type: "charge.dispute.created",
        object: object({ status }),
        created: at,
      })),
    updated: (change) => tell("updated", wholeSecond(change.at), { status: change.status }),
    fundsWithdrawn: ({ at: moment = later(at, 1) } = {}) =>
      tell("funds_withdrawn", wholeSecond(moment)),
    closed: (change) => tell("closed", wholeSecond(change.at), { status: change.status }),
    fundsReinstated: (options) => tell("funds_reinstated", wholeSecond(options.at)),
  };
}
