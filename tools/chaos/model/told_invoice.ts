// A paid invoice, read for the model alone.

import { z } from "zod";
import type { Told, ToldLine } from "./told.ts";
import { id, metadata, present, termsIn } from "./told_fields.ts";

const line = z.object({
  id: z.string(),
  amount: z.number(),
  quantity: z.number().nullable(),
  period: z.object({ start: z.number(), end: z.number() }),
  proration: z.boolean().nullish(),
  subscription_item: id,
  price: z.object({
    id: z.string(),
    product: z.string(),
    recurring: z.object({ usage_type: z.string() }).nullable(),
  }).nullish(),
  pricing: z.object({
    price_details: z.object({ price: z.string(), product: z.string() }),
  }).nullish(),
  parent: z.object({
    subscription_item_details: z.object({
      subscription_item: z.string(),
      proration: z.boolean(),
    }).nullish(),
  }).nullish(),
});

const invoice = z.object({
  id: z.string(),
  created: z.number(),
  customer: id,
  subscription: id,
  payment_intent: id,
  customer_email: z.string().nullable(),
  customer_name: z.string().nullable(),
  metadata,
  subscription_details: z.object({ metadata }).nullish(),
  parent: z.object({
    subscription_details: z.object({ subscription: z.string(), metadata }).nullish(),
  }).nullish(),
  period_end: z.number(),
  amount_paid: z.number(),
  lines: z.object({ data: z.array(line), has_more: z.boolean() }),
});

export function toldByInvoice(object: unknown): Told {
  const of = invoice.parse(object);
  const details = of.parent?.subscription_details;
  const subscription = details?.subscription ?? of.subscription ?? null;
  return {
    stripeIds: present([subscription, of.payment_intent, of.id]),
    buyer: {
      customerId: of.customer ?? null,
      email: of.customer_email,
      name: of.customer_name,
    },
    invoice: {
      id: of.id,
      paid: of.amount_paid,
      isOneOff: subscription === null,
      terms: termsIn(
        subscription === null
          ? of.metadata
          : details?.metadata ?? of.subscription_details?.metadata,
      ),
      cutAt: of.lines.has_more && subscription !== null ? of.period_end : null,
      lines: of.lines.data.filter(({ amount }) => amount >= 0)
        .map((one) => readLine(one, { billedAt: of.created, isPeriodic: subscription !== null })),
    },
  };
}

function readLine(
  of: z.infer<typeof line>,
  { billedAt, isPeriodic }: { billedAt: number; isPeriodic: boolean },
): ToldLine {
  const { start, end } = of.period;
  const item = of.parent?.subscription_item_details;
  const isProration = item?.proration ?? of.proration ?? false;
  const usage = of.price?.recurring?.usage_type;
  // Since Basil a line does not say how its price counts; what is billed when it is over tells.
  const isInArrears = usage === undefined ? !isProration && end <= billedAt : usage === "metered";
  const buysTime = isPeriodic && end > start;
  return {
    itemId: item?.subscription_item ?? of.subscription_item ?? of.id,
    priceId: of.pricing?.price_details.price ?? of.price?.id ?? "",
    productId: of.pricing?.price_details.product ?? of.price?.product ?? "",
    quantity: isPeriodic && isInArrears ? null : of.quantity,
    from: buysTime ? start : null,
    until: buysTime ? end + (isInArrears ? end - start : 0) : null,
    usedUntil: isPeriodic && isInArrears ? end : null,
    billedAt,
  };
}
