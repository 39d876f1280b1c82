// Who buys, as sessions, invoices and customers say it. Pure.

import type { Latest } from "./lattice.ts";
import type { Purchase } from "./purchase.ts";
import type { Stamp } from "./reading.ts";

/** Stripe's words for a buyer. */
type Buyer = {
  /** `cus_…`. */
  readonly customer: string | null;
  readonly email: string | null;
  readonly name?: string | null;
  readonly individual_name?: string | null;
  readonly business_name?: string | null;
};

/** The facts about a buyer; what is not said is null. */
export function readBuyer(
  buyer: Buyer,
  stamp: Stamp,
): Pick<Purchase, "customerId" | "email" | "name" | "company"> {
  const said = (value: string | null | undefined): Latest<string> | null =>
    value ? { value, ...stamp } : null;
  return {
    customerId: said(buyer.customer),
    email: said(buyer.email),
    // Where both are asked for, `name` is the business's.
    name: said(buyer.individual_name ?? buyer.name),
    company: said(buyer.business_name),
  };
}
