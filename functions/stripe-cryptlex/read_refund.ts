// A refund -> facts. Reads; does not decide.

import { noCharge } from "./charges.ts";
import { nothing } from "./purchase.ts";
import type { Reading, Stamp } from "./reading.ts";
import type { Refund } from "./stripe_money.ts";

/** The facts in a `refund.…` or `charge.refund.updated` event. */
export function readRefund(refund: Refund, stamp: Stamp): Reading {
  const { id, amount, status, payment_intent, customer } = refund;
  if (payment_intent === null) {
    return { kind: "ignored", reason: "this refund belongs to no payment intent" };
  }
  const refunds = Object.fromEntries([[id, { amount, status }]]);
  return {
    kind: "facts",
    stripeIds: [payment_intent],
    customerId: customer,
    opensSale: false,
    facts: {
      ...nothing,
      customerId: customer === null ? null : { value: customer, ...stamp },
      charges: { [payment_intent]: { ...noCharge, refunds } },
    },
  };
}
