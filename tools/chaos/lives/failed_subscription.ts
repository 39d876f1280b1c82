// A subscription for which no money ever came.

import { DAY, later } from "../../stripe_sandbox/unix_time.ts";
import { prices } from "../chaos_catalogue.ts";
import type { ChaosPurchase, PurchaseContext } from "./chaos_purchase.ts";

export function failedSubscription({ shop, buyer, now }: PurchaseContext): ChaosPurchase {
  const startedAt = later(now, -5 * DAY);
  const sale = shop
    .subscribe({ ...buyer, price: prices.monthly, startedAt, paymentStatus: "unpaid" });
  return {
    title: "subscription, the debit failed",
    events: [
      sale.checkoutCompleted(),
      sale.subscriptionCreated({ status: "incomplete" }),
      sale.paymentFailed(0),
      sale.asyncPaymentFailed(),
      sale.updated({ at: later(startedAt, DAY), status: "incomplete_expired" }),
    ],
  };
}
