// A refunded charge -> facts: how much of its money is back. Reads; does not decide.

import type { Charge as KnownCharge } from "./charges.ts";
import { nothing } from "./purchase.ts";
import type { Reading, Stamp } from "./reading.ts";
import type { Charge } from "./stripe_money.ts";

/** The facts in a `charge.refunded` event, which is sent for a part of the money too. */
export function readRefundedCharge(charge: Charge, stamp: Stamp): Reading {
  const { payment_intent, invoice, customer } = charge;
  if (payment_intent === null && invoice === null) {
    return { kind: "ignored", reason: "this charge belongs to no payment intent or invoice" };
  }
  const known: KnownCharge = {
    captured: charge.amount_captured,
    refunded: charge.amount_refunded,
    refunds: Object.fromEntries(
      (charge.refunds?.data ?? []).map(({ id, amount, status }) => [id, { amount, status }]),
    ),
  };
  return {
    kind: "facts",
    stripeIds: [payment_intent, invoice].filter((id) => id !== null),
    customerId: customer,
    opensSale: false,
    facts: {
      ...nothing,
      customerId: customer === null ? null : { value: customer, ...stamp },
      charges: Object.fromEntries([[payment_intent ?? charge.id, known]]),
    },
  };
}
