// Writes a completed Checkout Session as Stripe's `checkout.session` object.
import type Stripe from "stripe";
import { collectedNames } from "./customer_object.ts";
import type { StripeAccount } from "./stripe_account.ts";
import type { Wire } from "./stripe_wire.ts";
import { DAY, unixTime } from "./unix_time.ts";

export type PaymentStatus = "paid" | "unpaid" | "no_payment_required";

/** What a session says. Its line items are not here: events never carry them. */
export type SessionFacts = {
  id: string;
  mode: "payment" | "subscription" | "setup";
  created: Date;
  /** Cents; null in setup mode. */
  amounts: { subtotal: number; total: number } | null;
  customer: string | null;
  /** What the buyer typed at the checkout. */
  email: string | null;
  name: string | null;
  /** Typed when the checkout asked for such names, else absent; so is `individualName`. */
  businessName: string | null;
  individualName: string | null;
  metadata: Record<string, string>;
  invoice: string | null;
  paymentIntent: string | null;
  setupIntent: string | null;
  subscription: string | null;
};

/** The session as it is once the buyer is through, in the account's payload shape. */
export function sessionObject(
  account: StripeAccount,
  session: SessionFacts & { paymentStatus: PaymentStatus },
): Record<string, unknown> {
  const { amounts, mode } = session;
  const names = collectedNames(session);
  return {
    id: session.id,
    object: "checkout.session",
    adaptive_pricing: { enabled: false },
    after_expiration: null,
    allow_promotion_codes: null,
    amount_subtotal: amounts?.subtotal ?? null,
    amount_total: amounts?.total ?? null,
    automatic_tax: { enabled: false, liability: null, provider: null, status: null },
    billing_address_collection: null,
    cancel_url: "https://example.com/cancelled",
    client_reference_id: null,
    client_secret: null,
    ...(account.shape === "basil"
      ? { collected_information: { ...names, shipping_details: null } }
      : { shipping_details: null }),
    consent: null,
    consent_collection: null,
    created: unixTime(session.created),
    currency: amounts && "usd",
    currency_conversion: null,
    custom_fields: [],
    custom_text: {
      after_submit: null,
      shipping_address: null,
      submit: null,
      terms_of_service_acceptance: null,
    },
    customer: session.customer,
    customer_creation: mode === "subscription" ? "always" : "if_required",
    customer_details: {
      address: {
        city: null,
        country: "US",
        line1: null,
        line2: null,
        postal_code: "94103",
        state: null,
      },
      ...names,
      email: session.email,
      name: session.name,
      phone: null,
      tax_exempt: "none",
      tax_ids: [],
    },
    // Only what the merchant prefilled; what the buyer typed is in customer_details.
    customer_email: null,
    discounts: [],
    expires_at: unixTime(session.created) + DAY,
    invoice: session.invoice,
    invoice_creation: mode === "payment"
      ? {
        enabled: session.invoice !== null,
        invoice_data: {
          account_tax_ids: null,
          custom_fields: null,
          description: null,
          footer: null,
          issuer: null,
          metadata: {},
          rendering_options: null,
        },
      }
      : null,
    livemode: account.livemode,
    locale: null,
    metadata: session.metadata,
    mode,
    payment_intent: session.paymentIntent,
    payment_link: null,
    payment_method_collection: mode === "payment" ? "if_required" : "always",
    payment_method_configuration_details: null,
    payment_method_options: { card: { request_three_d_secure: "automatic" } },
    payment_method_types: ["card"],
    payment_status: session.paymentStatus,
    permissions: null,
    phone_number_collection: { enabled: false },
    recovered_from: null,
    saved_payment_method_options: null,
    setup_intent: session.setupIntent,
    shipping_address_collection: null,
    shipping_cost: null,
    shipping_options: [],
    status: "complete",
    submit_type: null,
    subscription: session.subscription,
    success_url: "https://example.com/thanks",
    total_details: amounts && {
      amount_discount: amounts.subtotal - amounts.total,
      amount_shipping: 0,
      amount_tax: 0,
    },
    ui_mode: "hosted",
    url: null,
    wallet_options: null,
  } satisfies Wire<Stripe.Checkout.Session> & { shipping_details?: null };
}
