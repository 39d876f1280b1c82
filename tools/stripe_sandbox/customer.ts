// A Stripe customer and the events of its making and its end.
import type { StripeAccount } from "./stripe_account.ts";
import type { StripeEvent } from "./stripe_event.ts";
import type { Wire } from "./stripe_wire.ts";
import type Stripe from "stripe";
import { unixTime } from "./unix_time.ts";

export type CustomerOptions = {
  email?: string | null;
  name?: string | null;
  /** `business_name`; absent from the payload unless given, as at Stripe. */
  businessName?: string;
  /** When it is made; default the account's now. */
  at?: Date;
};

export type Customer = {
  readonly id: string;
  readonly email: string | null;
  readonly name: string | null;
  /** `customer.created`. */
  created(): StripeEvent;
  /** `customer.deleted`: all that was known of it once more. */
  deleted(options?: { at?: Date }): StripeEvent;
};

export function createCustomer(account: StripeAccount, options: CustomerOptions = {}): Customer {
  const { email = null, name = null, at = account.now } = options;
  const id = account.ids.of("cus", account.nextName("customer"));

  const object = () => ({
    id,
    object: "customer",
    address: null,
    balance: 0,
    ...(options.businessName === undefined ? {} : { business_name: options.businessName }),
    created: unixTime(at),
    currency: null,
    default_source: null,
    delinquent: false,
    description: null,
    discount: null,
    email,
    invoice_prefix: id.slice(-8).toUpperCase(),
    invoice_settings: {
      custom_fields: null,
      default_payment_method: null,
      footer: null,
      rendering_options: null,
    },
    livemode: account.livemode,
    metadata: {},
    name,
    next_invoice_sequence: 1,
    phone: null,
    preferred_locales: [],
    shipping: null,
    tax_exempt: "none",
    test_clock: null,
  } satisfies Wire<Stripe.Customer>);

  return {
    id,
    email,
    name,
    created: () =>
      account.event(`${id} created`, () => ({
        type: "customer.created",
        created: at,
        object: object(),
      })),
    deleted: ({ at: deletedAt = account.now } = {}) =>
      account.event(`${id} deleted`, () => ({
        type: "customer.deleted",
        created: deletedAt,
        object: object(),
      })),
  };
}
