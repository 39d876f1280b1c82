// What happens to a subscription apart from money, as events.
import type { StripeEvent } from "./stripe_event.ts";
import { restartCycles } from "./subscription_change.ts";
import type { SubscriptionTerms } from "./subscription_lines.ts";
import {
  stateAt,
  type SubscriptionStatus,
  type SubscriptionUpdate,
  updatedFields,
} from "./subscription_state.ts";
import type { SubscriptionTeller } from "./subscription_teller.ts";
import { renewalDate } from "./subscription_timeline.ts";
import { DAY, later, wholeSecond } from "./unix_time.ts";

export type SubscriptionEvents = {
  /**
   * `customer.subscription.created`: `trialing` with a trial, else `active`, unless told otherwise.
   */
  subscriptionCreated(options?: { status?: SubscriptionStatus }): StripeEvent;
  /**
   * `customer.subscription.updated`: changed from `at` on. Without changes it tells how things are.
   */
  updated(update: SubscriptionUpdate): StripeEvent;
  /**
   * `customer.subscription.updated` as the n-th period begins, an hour before it is paid: a trial
   * that ends with it becomes `active`.
   */
  renewed(n: number): StripeEvent;
  /**
   * `customer.subscription.trial_will_end`, three days before, or at once in a shorter trial;
   * throws a `TypeError` without a trial.
   */
  trialWillEnd(): StripeEvent;
  /** `customer.subscription.deleted`: `canceled`, for good. */
  canceled(options: { at: Date }): StripeEvent;
  /** The status `paused`, which is another thing than `pauseCollection`; both events tell it. */
  paused(options: { at: Date }): { updated: StripeEvent; paused: StripeEvent };
};

export function createSubscriptionEvents(
  { terms, teller }: { terms: SubscriptionTerms; teller: SubscriptionTeller },
): SubscriptionEvents {
  const { timeline, state } = terms;
  const { startedAt } = timeline;

  function update(change: SubscriptionUpdate): void {
    const { at, trialEnd } = change;
    if (trialEnd && trialEnd <= at) {
      throw new RangeError(`Cannot end a trial in the past: ${trialEnd.toISOString()}`);
    }
    if (trialEnd) restartCycles(terms, { at, anchor: wholeSecond(trialEnd) });
    state.change(at, updatedFields(stateAt(state, at), change));
  }

  return {
    subscriptionCreated: ({ status } = {}) =>
      teller.fact("created", startedAt, () => {
        if (status) state.change(startedAt, { status });
      }),
    updated(change) {
      const at = wholeSecond(change.at);
      return teller.change(
        `updated ${JSON.stringify(change)}`,
        at,
        () => update({ ...change, at }),
      );
    },
    renewed: (n) => teller.passage(`renewed ${n}`, renewalDate(timeline, n)),
    trialWillEnd() {
      const { trialEnd } = state.at(startedAt);
      if (!trialEnd) throw new TypeError("Cannot announce the end of a trial: there is none");
      const announced = later(trialEnd, -3 * DAY);
      return teller.fact("trial_will_end", announced < startedAt ? startedAt : announced);
    },
    canceled(options) {
      const at = wholeSecond(options.at);
      return teller.fact("deleted", at, () => {
        const canceledAt = state.at(at).canceledAt ?? at;
        state.change(at, { status: "canceled", canceledAt, endedAt: at });
      });
    },
    paused(options) {
      const at = wholeSecond(options.at);
      const pause = () => state.change(at, { status: "paused" });
      return {
        updated: teller.change(`paused ${at.toISOString()}`, at, pause),
        paused: teller.fact("paused", at),
      };
    },
  };
}
