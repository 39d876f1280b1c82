// Who may own what, from the events alone. What one Stripe customer buys may belong to the user of any
// address told of that customer: which is known first depends on the order. Pure.

import type { ExpectedPurchase } from "./expected_licenses.ts";
import type { ToldBuyer } from "./told.ts";
import { toldByCustomer, type ToldCustomer } from "./told_customer.ts";
import type { EventToRead } from "./told_events.ts";

/** A customer with all that was bought, or a guest with one purchase. */
export type ExpectedBuyer = {
  /** Of all that was bought. */
  readonly stripeIds: readonly string[];
  /** In small letters. A change of address alone gives nobody a user. */
  readonly emails: readonly string[];
  readonly names: readonly string[];
  /** Whether there must be a user, and whether there may. */
  readonly mustBeThere: boolean;
  readonly mayBeThere: boolean;
};

/** All who bought, or were told of. */
export function expectedBuyers(
  events: readonly EventToRead[],
  purchases: readonly ExpectedPurchase[],
): ExpectedBuyer[] {
  const customers = events.map(toldByCustomer).filter((one) => one !== null);
  const guests: ExpectedBuyer[] = [];
  const bought = new Map<string, ExpectedPurchase[]>(
    customers.map(({ customerId }) => [customerId ?? "", []]),
  );
  for (const purchase of purchases) {
    const customerId = purchase.of.find(({ buyer }) => buyer.customerId)?.buyer.customerId;
    if (customerId) bought.set(customerId, [...bought.get(customerId) ?? [], purchase]);
    else guests.push(buyerOf([purchase], []));
  }
  return [
    ...guests,
    ...[...bought].map(([id, of]) =>
      buyerOf(of, customers.filter(({ customerId }) => customerId === id))
    ),
  ];
}

function buyerOf(
  purchases: readonly ExpectedPurchase[],
  customers: readonly ToldCustomer[],
): ExpectedBuyer {
  const isNew = customers.some((customer) => customer.isNew);
  const told: readonly ToldBuyer[] = purchases.flatMap(({ of }) => of.map(({ buyer }) => buyer));
  const addressed = isNew ? [...told, ...customers] : told;
  return {
    stripeIds: purchases.flatMap(({ stripeIds }) => stripeIds),
    emails: distinct(addressed.map(({ email }) => email?.toLowerCase() ?? null)),
    names: distinct([...told, ...customers].map(({ name }) => name)),
    mustBeThere: isNew || purchases.some(({ licenses }) => licenses.length > 0),
    mayBeThere: isNew || purchases.some(({ isEntitled }) => isEntitled),
  };
}

function distinct(of: readonly (string | null)[]): string[] {
  return [...new Set(of.filter((one) => one !== null))];
}
