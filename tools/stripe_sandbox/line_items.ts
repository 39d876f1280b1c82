// What a Checkout Session sold, line by line: the read API gives it, events never carry it.
import type Stripe from "stripe";
import { lineDescription, type Price } from "./price.ts";
import { priceObject } from "./price_object.ts";
import { asReadToday, type StripeAccount } from "./stripe_account.ts";
import type { Wire } from "./stripe_wire.ts";

export type SoldLine = {
  price: Price;
  /** Null of what is metered. */
  quantity: number | null;
  /** Cents before a discount. */
  amount: number;
  discount: number;
  /** The line's own, which a session can carry since 2025-12-15. */
  metadata: Record<string, string>;
};

/** Has the read API give the lines of that session, from `from` on. */
export function publishLineItems(
  account: StripeAccount,
  { sessionId, from, lines }: { sessionId: string; from: Date; lines: SoldLine[] },
): void {
  const today = asReadToday(account);
  const data = lines.map((line, index) => {
    const id = account.ids.of("li", `${sessionId} ${index}`);
    return lineItemObject(today, { id, line });
  });
  account.publish(
    `/v1/checkout/sessions/${sessionId}/line_items`,
    (at) => at < from ? null : { object: "list", data },
  );
}

function lineItemObject(
  account: StripeAccount,
  { id, line }: { id: string; line: SoldLine },
): Record<string, unknown> {
  return {
    id,
    object: "item",
    adjustable_quantity: null,
    amount_discount: line.discount,
    amount_subtotal: line.amount,
    amount_tax: 0,
    amount_total: line.amount - line.discount,
    currency: "usd",
    description: lineDescription(line.price, line.quantity ?? 1),
    metadata: line.metadata,
    price: priceObject(account, line.price),
    quantity: line.quantity,
  } satisfies Wire<Stripe.LineItem>;
}
