// An invoice a merchant writes by hand, paid and perhaps given back. The setting never maps one.

import { DAY, later } from "../../stripe_sandbox/unix_time.ts";
import { app, oneTimeProduct, prices } from "../chaos_catalogue.ts";
import type { ChaosPurchase, PurchaseContext } from "./chaos_purchase.ts";
import { refundSome } from "./refunds.ts";

export function oneOffInvoice({ random, shop, buyer, now }: PurchaseContext): ChaosPurchase {
  const isNamed = random.chance(0.4);
  const sellsTwo = random.chance(0.3);
  const invoice = shop.invoice({
    ...buyer,
    lines: [
      { product: oneTimeProduct, amount: 4900 },
      ...(sellsTwo ? [{ product: prices.addOn.product, amount: 900, quantity: 2 }] : []),
    ],
    ...(isNamed && { metadata: { CRYPTLEX_PRODUCT_ID: app.id } }),
    at: later(now, -2 * DAY),
  });
  const paid = invoice.paid();
  const back = random.chance(0.3)
    ? refundSome(invoice.payment(), { random, at: later(now, DAY) })
    : null;
  return {
    title: [
      "invoice by hand",
      isNamed && "in its metadata",
      sellsTwo && "two things",
      back?.what,
    ].filter(Boolean).join(", "),
    events: [paid, ...(back ? [...told(invoice), ...back.events] : [])],
  };
}

/** Since Basil nothing else says what the money was for. */
function told(invoice: ReturnType<PurchaseContext["shop"]["invoice"]>) {
  const event = invoice.payment().invoicePaymentPaid();
  return event === null ? [] : [event];
}
