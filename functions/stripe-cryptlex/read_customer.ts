// A Stripe customer -> facts: somebody to be known in Cryptlex before buying, or to be forgotten.

import { nothing } from "./purchase.ts";
import type { Reading, Stamp } from "./read_event.ts";
import type { Customer, DeletedCustomer } from "./stripe_payloads.ts";

/** The facts in a `customer.created` event. */
export function readCustomer(customer: Customer, stamp: Stamp): Reading {
  if (customer.email === null) {
    return { kind: "ignored", reason: "a customer without an e-mail; a sale will bring one" };
  }
  return {
    kind: "facts",
    stripeIds: [customer.id],
    customerId: customer.id,
    opensSale: true,
    facts: {
      ...nothing,
      customerId: { value: customer.id, ...stamp },
      email: { value: customer.email, ...stamp },
      name: customer.name === null ? null : { value: customer.name, ...stamp },
    },
  };
}

/** The facts in a `customer.deleted` event: the ledger spreads them to all the customer's purchases. */
export function readDeletedCustomer({ id }: DeletedCustomer, stamp: Stamp): Reading {
  return {
    kind: "facts",
    stripeIds: [id],
    customerId: id,
    opensSale: false,
    facts: { ...nothing, customerId: { value: id, ...stamp }, erased: true },
  };
}
