// Writes a customer as Stripe's `customer` object, the same in both payload shapes.
import type Stripe from "stripe";
import type { StripeAccount } from "./stripe_account.ts";
import type { Wire } from "./stripe_wire.ts";
import { unixTime } from "./unix_time.ts";

/** What can change about a customer. */
export type CustomerState = {
  email: string | null;
  name: string | null;
  /** Absent from the payload unless given, as at Stripe; so is `individualName`. */
  businessName: string | null;
  individualName: string | null;
};

export function customerObject(
  account: StripeAccount,
  { id, created, state }: { id: string; created: Date; state: CustomerState },
): Record<string, unknown> {
  return {
    id,
    object: "customer",
    address: null,
    balance: 0,
    ...collectedNames(state),
    created: unixTime(created),
    currency: null,
    default_source: null,
    delinquent: false,
    description: null,
    discount: null,
    email: state.email,
    invoice_prefix: id.slice(-8).toUpperCase(),
    invoice_settings: {
      custom_fields: null,
      default_payment_method: null,
      footer: null,
      rendering_options: null,
    },
    livemode: account.livemode,
    metadata: {},
    name: state.name,
    next_invoice_sequence: 1,
    phone: null,
    preferred_locales: [],
    shipping: null,
    tax_exempt: "none",
    test_clock: null,
  } satisfies Wire<Stripe.Customer>;
}

/** The names a checkout can ask for besides that on the card (`name_collection`), if it did. */
export function collectedNames(
  { businessName, individualName }: Pick<CustomerState, "businessName" | "individualName">,
): { business_name?: string; individual_name?: string } {
  return {
    ...(businessName === null ? {} : { business_name: businessName }),
    ...(individualName === null ? {} : { individual_name: individualName }),
  };
}
