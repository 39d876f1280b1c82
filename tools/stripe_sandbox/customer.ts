// A Stripe customer and the events of its making, its changes and its end.
import { customerObject, type CustomerState } from "./customer_object.ts";
import { createHistory } from "./history.ts";
import { previousAttributes } from "./previous_attributes.ts";
import type { StripeAccount } from "./stripe_account.ts";
import type { StripeEvent } from "./stripe_event.ts";
import { wholeSecond } from "./unix_time.ts";

export type CustomerOptions = {
  email?: string | null;
  name?: string | null;
  /** `business_name`; absent from the payload unless given, as at Stripe. */
  businessName?: string;
  /** `individual_name`; absent from the payload unless given, as at Stripe. */
  individualName?: string;
  /** When it is made; default the account's now. */
  at?: Date;
};

export type Customer = {
  readonly id: string;
  /** As last changed; so is `name`. */
  readonly email: string | null;
  readonly name: string | null;
  /** What was known of it at that moment. */
  stateAt(moment: Date): CustomerState;
  /** `customer.created`. */
  created(): StripeEvent;
  /** `customer.updated`: changed from `at` on, told with all that is known of it. */
  updated(change: Partial<CustomerState> & { at: Date }): StripeEvent;
  /** `customer.deleted`: all that was known of it once more. */
  deleted(options?: { at?: Date }): StripeEvent;
};

export function createCustomer(account: StripeAccount, options: CustomerOptions = {}): Customer {
  const { at = account.now } = options;
  const id = account.ids.of("cus", account.nextName("customer"));
  const beginning: CustomerState = {
    email: options.email ?? null,
    name: options.name ?? null,
    businessName: options.businessName ?? null,
    individualName: options.individualName ?? null,
  };
  const history = createHistory(beginning);
  const objectOf = (state: CustomerState) => customerObject(account, { id, created: at, state });

  account.publish(
    `/v1/customers/${id}`,
    (moment) => moment < at ? null : objectOf(history.at(moment)),
  );

  return {
    id,
    get email() {
      return history.latest.email;
    },
    get name() {
      return history.latest.name;
    },
    stateAt: history.at,
    created: () =>
      account.event(`${id} created`, () => ({
        type: "customer.created",
        created: at,
        object: objectOf(beginning),
      })),
    updated: ({ at, ...change }) =>
      account.event(`${id} updated ${JSON.stringify({ at, ...change })}`, () => {
        const moment = wholeSecond(at);
        const before = objectOf(history.at(moment));
        history.change(moment, change);
        const object = objectOf(history.at(moment));
        const previous = previousAttributes(before, object);
        return { type: "customer.updated", created: moment, object, previous };
      }),
    deleted: ({ at: deletedAt = account.now } = {}) =>
      account.event(`${id} deleted`, () => ({
        type: "customer.deleted",
        created: deletedAt,
        object: objectOf(history.at(deletedAt)),
      })),
  };
}
