// A checkout session -> facts. Reads; does not decide.

import { nothing, type Payment } from "./purchase.ts";
import { readBuyer } from "./read_buyer.ts";
import type { Reading, Stamp } from "./reading.ts";
import type { CheckoutSession } from "./stripe_payloads.ts";
import { readTerms } from "./read_terms.ts";
import { missing, notUnderstood } from "./understand.ts";

/** The facts in a `checkout.session.…` event of the given type. */
export function readSession(session: CheckoutSession, stamp: Stamp, type: string): Reading {
  if (session.mode === "setup") {
    return { kind: "ignored", reason: "a setup session saves a way to pay; nothing was sold" };
  }
  if (session.mode !== "payment" && session.mode !== "subscription") {
    return notUnderstood("mode is not payment, subscription or setup");
  }
  if (session.mode === "subscription" && session.subscription === null) {
    return notUnderstood(missing("subscription"));
  }

  const { customer, customer_details: details, customer_email } = session;
  const ids = [session.subscription, session.payment_intent, session.id, session.invoice];
  return {
    kind: "facts",
    stripeIds: ids.filter((id) => id !== null),
    customerId: customer,
    opensSale: type !== "checkout.session.async_payment_failed",
    facts: {
      ...nothing,
      ...readBuyer({ ...details, customer, email: details?.email ?? customer_email }, stamp),
      sessions: {
        [session.id]: {
          payment: payment(type, session.payment_status),
          completed: type === "checkout.session.completed",
          amountTotal: session.amount_total,
          terms: { value: readTerms(session.metadata), ...stamp },
          // An event never has them (docs.stripe.com/api/checkout/sessions/object).
          lines: null,
        },
      },
    },
  };
}

function payment(type: string, status: CheckoutSession["payment_status"]): Payment {
  if (type === "checkout.session.async_payment_failed") return "failed";
  // Nothing to pay is served: no asynchronous event follows a free order
  // (docs.stripe.com/payments/checkout/no-cost-orders).
  return status === "unpaid" ? "unpaid" : "paid";
}
