// Who buys: what the buyer types at the checkout, and the customer that becomes of it.
import { createCustomer, type Customer } from "./customer.ts";
import type { StripeAccount } from "./stripe_account.ts";

export type BuyerOptions = {
  email?: string | null;
  name?: string | null;
  /** Typed when the checkout asks for such names; absent from payloads unless given. */
  businessName?: string;
  individualName?: string;
};

/** A new customer of that e-mail and those names. */
export function customerOf(account: StripeAccount, options: BuyerOptions): Customer {
  const { businessName, individualName } = options;
  return createCustomer(account, {
    email: options.email ?? null,
    name: options.name ?? null,
    ...(businessName === undefined ? {} : { businessName }),
    ...(individualName === undefined ? {} : { individualName }),
  });
}

/** What the session says of the buyer: what was typed, else what the customer was known by. */
export function typedDetails(
  options: BuyerOptions,
  { customer, at }: { customer: Customer | null; at: Date },
): {
  email: string | null;
  name: string | null;
  businessName: string | null;
  individualName: string | null;
} {
  const known = customer?.stateAt(at);
  return {
    email: options.email === undefined ? known?.email ?? null : options.email,
    name: options.name === undefined ? known?.name ?? null : options.name,
    businessName: options.businessName ?? null,
    individualName: options.individualName ?? null,
  };
}
