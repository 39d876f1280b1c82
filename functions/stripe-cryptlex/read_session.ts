// A checkout session -> facts. Reads; does not decide.

import { nothing, type Payment } from "./purchase.ts";
import type { Reading, Stamp } from "./read_event.ts";
import type { CheckoutSession } from "./stripe_payloads.ts";
import { readTerms } from "./terms.ts";

/** The facts in a `checkout.session.…` event of the given type. */
export function readSession(type: string, session: CheckoutSession, stamp: Stamp): Reading {
  if (session.mode === "setup") {
    return { kind: "ignored", reason: "a setup session saves a way to pay; nothing was sold" };
  }
  if (session.mode !== "payment" && session.mode !== "subscription") {
    return {
      kind: "parked",
      reason: "cannot be understood: mode is not payment, subscription or setup",
    };
  }
  if (session.mode === "subscription" && session.subscription === null) {
    return {
      kind: "parked",
      reason: "cannot be understood: missing or of another type: subscription",
    };
  }

  const email = session.customer_details?.email ?? session.customer_email;
  const name = session.customer_details?.name ?? null;
  const ids = [session.subscription, session.payment_intent, session.id, session.invoice];
  return {
    kind: "facts",
    stripeIds: ids.filter((id) => id !== null),
    customerId: session.customer,
    opensSale: type !== "checkout.session.async_payment_failed",
    facts: {
      ...nothing,
      customerId: session.customer === null ? null : { value: session.customer, ...stamp },
      email: email === null ? null : { value: email, ...stamp },
      name: name === null ? null : { value: name, ...stamp },
      sessions: {
        [session.id]: {
          payment: payment(type, session.payment_status),
          completed: type === "checkout.session.completed",
          terms: { value: readTerms(session.metadata), ...stamp },
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
