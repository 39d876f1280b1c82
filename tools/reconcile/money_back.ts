// Money that went back or is disputed, by the PaymentIntent it came with.

import type Stripe from "stripe";
import { everyPage, type StripeLists } from "./stripe_lists.ts";

export type MoneyBack = {
  readonly charges: readonly unknown[];
  readonly refunds: readonly unknown[];
  readonly disputes: readonly unknown[];
};

/** What is known of these payments. */
export type FindMoneyBack = (paymentIntents: readonly string[]) => Promise<MoneyBack>;

/** All of the account read at once: far less went back than was paid. */
export async function allMoneyBack(lists: StripeLists): Promise<FindMoneyBack> {
  const refunds = byPayment(await everyPage((after) => lists.refunds({ after })));
  const disputes = byPayment(await everyPage((after) => lists.disputes({ after })));
  const of = <T>(record: Map<string, T[]>, ids: readonly string[]) =>
    ids.flatMap((id) => record.get(id) ?? []);
  return (ids) => Promise.resolve(moneyBack(of(refunds, ids), of(disputes, ids)));
}

/** Asked for each payment: for who looks at a few. */
export function askedMoneyBack(lists: StripeLists): FindMoneyBack {
  return async (ids) => {
    const refunds: Stripe.Refund[] = [];
    const disputes: Stripe.Dispute[] = [];
    for (const paymentIntent of ids) {
      refunds.push(...await everyPage((after) => lists.refunds({ after, paymentIntent })));
      disputes.push(...await everyPage((after) => lists.disputes({ after, paymentIntent })));
    }
    return moneyBack(refunds, disputes);
  };
}

function moneyBack(
  refunds: readonly Stripe.Refund[],
  disputes: readonly Stripe.Dispute[],
): MoneyBack {
  const charges = refunds.flatMap(({ charge }) => typeof charge === "object" ? charge ?? [] : []);
  return { charges, refunds, disputes };
}

function byPayment<T extends { payment_intent: string | { id: string } | null }>(
  objects: readonly T[],
): Map<string, T[]> {
  const record = new Map<string, T[]>();
  for (const object of objects) {
    const { payment_intent: of } = object;
    const id = typeof of === "object" ? of?.id : of;
    if (id === undefined) continue;
    record.set(id, [...record.get(id) ?? [], object]);
  }
  return record;
}
