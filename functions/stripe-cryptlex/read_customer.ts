// A Stripe customer -> facts: somebody to be known in Cryptlex before buying, somebody whose name
// may have changed, or somebody to be forgotten.

import { nothing } from "./purchase.ts";
import { readBuyer } from "./read_buyer.ts";
import type { Facts, Reading, Stamp } from "./reading.ts";
import type { Customer, DeletedCustomer } from "./stripe_payloads.ts";

/** The facts in a `customer.created` event. */
export function readCustomer(customer: Customer, stamp: Stamp): Reading {
  if (customer.email === null) {
    return { kind: "ignored", reason: "a customer without an e-mail; a sale will bring one" };
  }
  const { facts, ...rest } = readUpdatedCustomer(customer, stamp);
  return { ...rest, opensSale: true, facts: { ...facts, wantsUser: true } };
}

/** The facts in a `customer.updated` event: who does not buy is still made no user for it. */
export function readUpdatedCustomer(customer: Customer, stamp: Stamp): Facts {
  return {
    kind: "facts",
    stripeIds: [customer.id],
    customerId: customer.id,
    opensSale: false,
    facts: { ...nothing, ...readBuyer({ ...customer, customer: customer.id }, stamp) },
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
