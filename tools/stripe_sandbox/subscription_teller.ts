// Tells what happens to a subscription as `customer.subscription.*` events, each with the
// subscription as it was then.
import { previousAttributes } from "./previous_attributes.ts";
import type { StripeAccount } from "./stripe_account.ts";
import type { StripeEvent } from "./stripe_event.ts";
import { later } from "./unix_time.ts";

export type SubscriptionTeller = {
  /** `customer.subscription.updated` with what `apply` changes at `at`; a resend applies nothing. */
  change(name: string, at: Date, apply: () => void): StripeEvent;
  /** `customer.subscription.updated` with what changed by itself in the second before `at`. */
  passage(name: string, at: Date): StripeEvent;
  /** `customer.subscription.` and `what`. */
  fact(what: string, at: Date, apply?: () => void): StripeEvent;
};

export function createSubscriptionTeller(
  account: StripeAccount,
  { id, snapshot }: { id: string; snapshot: (at: Date) => Record<string, unknown> },
): SubscriptionTeller {
  const updated = (at: Date, before: Record<string, unknown>) => {
    const object = snapshot(at);
    const previous = previousAttributes(before, object);
    return { type: "customer.subscription.updated", created: at, object, previous };
  };

  return {
    change: (name, at, apply) =>
      account.event(`${id} change ${name}`, () => {
        const before = snapshot(at);
        apply();
        return updated(at, before);
      }),
    passage: (name, at) =>
      account.event(`${id} passage ${name}`, () => updated(at, snapshot(later(at, -1)))),
    fact: (what, at, apply = () => {}) =>
      account.event(`${id} ${what} ${at.toISOString()}`, () => {
        apply();
        return { type: `customer.subscription.${what}`, created: at, object: snapshot(at) };
      }),
  };
}
