// A random one-time order and its events: paid, paid later, failed, free; refunded, disputed.

import type { OneTimeOrder } from "../../stripe_sandbox/one_time_order.ts";
import type { StripeEvent } from "../../stripe_sandbox/stripe_event.ts";
import { DAY, later } from "../../stripe_sandbox/unix_time.ts";
import { app, forever, oneTimeProduct } from "../chaos_catalogue.ts";
import type { SeededRandom } from "../seeded_random.ts";
import { disputeSome } from "./disputes.ts";
import type { ChaosPurchase, PurchaseContext } from "./chaos_purchase.ts";
import { refundSome } from "./refunds.ts";

const named: readonly Record<string, string>[] = [
  { CRYPTLEX_PRODUCT_ID: forever.id },
  { CRYPTLEX_PRODUCT_ID: app.id, CRYPTLEX_LICENSE_TEMPLATE: "template-yearly" },
];

const fates = ["paid", "paid", "paid", "paid later", "failed", "free"] as const;
const statuses = {
  "paid": "paid",
  "paid later": "unpaid",
  "failed": "unpaid",
  "free": "no_payment_required",
} as const;

/** With an invoice or without one. Where plans map, what has no metadata has an invoice. */
export function randomOrder(context: PurchaseContext): ChaosPurchase {
  const { random, shop, buyer, now, hasPlans } = context;
  const fate = random.pick(fates);
  const metadata = random.chance(0.5) ? random.pick(named) : {};
  const isNamed = "CRYPTLEX_PRODUCT_ID" in metadata;
  // A debit that bounced never has a paid invoice, so nothing could map it; and nothing must.
  const withInvoice = random.chance(0.3) || (hasPlans && !isNamed && fate !== "failed");

  const order = shop.buy({
    ...buyer,
    amount: 4900,
    product: oneTimeProduct,
    metadata,
    paymentStatus: statuses[fate],
    withInvoice,
    at: later(now, -random.pick([1, 60, 5000])),
  });
  const settled = fate !== "failed" && withInvoice;
  const back = fate === "paid" || fate === "paid later" ? moneyBack(order, random) : [];
  return {
    title: [
      `order, ${fate}`,
      withInvoice && "with an invoice",
      isNamed && `${metadata["CRYPTLEX_PRODUCT_ID"]} in its metadata`,
      ...back.map(({ what }) => what),
    ].filter((part) => part !== false).join(", "),
    events: [
      order.completed(),
      ...(fate === "paid later" ? [order.asyncPaymentSucceeded()] : []),
      ...(fate === "failed" ? [order.asyncPaymentFailed()] : []),
      ...(settled ? [order.invoicePaid()] : []),
      ...back.flatMap(({ events }) => events),
    ],
  };
}

function moneyBack(
  order: OneTimeOrder,
  random: SeededRandom,
): { what: string; events: StripeEvent[] }[] {
  const payment = order.payment();
  const at = later(order.settledAt, DAY);
  return [
    ...(random.chance(0.3) ? [refundSome(payment, { random, at })] : []),
    ...(random.chance(0.3) ? [disputeSome(payment, { random, at: later(at, 9 * DAY) })] : []),
  ];
}
