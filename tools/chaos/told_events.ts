// Stripe's events, read for the model alone: nothing here is shared with the function, so that the
// two cannot be wrong together.

import { z } from "zod";

/** What one event tells of a purchase. */
export type Told = {
  /** The ids it knows the purchase by. */
  readonly stripeIds: readonly string[];
  readonly email: string | null;
  /** Money came, or none was asked for. */
  readonly isPaid: boolean;
  readonly sessionTerms: ToldTerms | null;
  readonly subscriptionTerms: ToldTerms | null;
  readonly lines: readonly ToldLine[];
};

export type ToldTerms = { readonly productId: string; readonly templateId: string | null };

/** A line that was paid for; credits are left out. */
export type ToldLine = {
  readonly priceId: string;
  readonly productId: string;
  /** Unix seconds; null: it buys no period. */
  readonly until: number | null;
  /** When it was billed, Unix seconds. */
  readonly billedAt: number;
};

const metadata = z.record(z.string(), z.string()).nullish();
const id = z.string().nullish();

const session = z.object({
  id: z.string(),
  subscription: id,
  payment_intent: id,
  invoice: id,
  payment_status: z.string(),
  customer_details: z.object({ email: z.string().nullable() }).nullish(),
  metadata,
});

const invoice = z.object({
  id: z.string(),
  created: z.number(),
  subscription: id,
  payment_intent: id,
  customer_email: z.string().nullable(),
  subscription_details: z.object({ metadata }).nullish(),
  parent: z.object({
    subscription_details: z.object({ subscription: z.string(), metadata }).nullish(),
  }).nullish(),
  lines: z.object({
    data: z.array(z.object({
      amount: z.number(),
      period: z.object({ start: z.number(), end: z.number() }),
      price: z.object({ id: z.string(), product: z.string() }).nullish(),
      pricing: z.object({
        price_details: z.object({ price: z.string(), product: z.string() }),
      }).nullish(),
    })),
  }),
});

/** What the event tells of a purchase; null: it is about none. */
export function toldBy({ type, object }: { type: string; object: unknown }): Told | null {
  if (type.startsWith("checkout.session.")) return toldBySession(type, session.parse(object));
  return type === "invoice.paid" ? toldByInvoice(invoice.parse(object)) : null;
}

function toldBySession(type: string, of: z.infer<typeof session>): Told {
  return {
    stripeIds: [of.subscription, of.payment_intent, of.id, of.invoice].filter(isThere),
    email: of.customer_details?.email ?? null,
    isPaid: type !== "checkout.session.async_payment_failed" && of.payment_status !== "unpaid",
    sessionTerms: termsIn(of.metadata),
    subscriptionTerms: null,
    lines: [],
  };
}

function toldByInvoice(of: z.infer<typeof invoice>): Told {
  const details = of.parent?.subscription_details;
  const subscription = details?.subscription ?? of.subscription;
  return {
    stripeIds: [subscription, of.payment_intent, of.id].filter(isThere),
    email: of.customer_email,
    isPaid: true,
    sessionTerms: null,
    subscriptionTerms: termsIn(details?.metadata ?? of.subscription_details?.metadata),
    lines: of.lines.data.filter(({ amount }) => amount >= 0).map((line) => ({
      priceId: line.pricing?.price_details.price ?? line.price?.id ?? "",
      productId: line.pricing?.price_details.product ?? line.price?.product ?? "",
      until: isThere(subscription) ? line.period.end : null,
      billedAt: of.created,
    })),
  };
}

function termsIn(from: z.infer<typeof metadata>): ToldTerms | null {
  const productId = from?.["CRYPTLEX_PRODUCT_ID"];
  if (!productId) return null;
  return { productId, templateId: from?.["CRYPTLEX_LICENSE_TEMPLATE"] ?? null };
}

function isThere(value: string | null | undefined): value is string {
  return value !== null && value !== undefined;
}
