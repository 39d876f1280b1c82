// A random subscription and its events: trials, month ends, renewals, a change to a yearly price.

import { DAY, later } from "../stripe_sandbox/unix_time.ts";
import type { StripeEvent } from "../stripe_sandbox/stripe_event.ts";
import type { Subscription } from "../stripe_sandbox/subscription.ts";
import { app, forever, prices, pro } from "./chaos_catalogue.ts";
import type { ChaosPurchase, PurchaseContext } from "./random_purchases.ts";
import type { SeededRandom } from "./seeded_random.ts";

const monthEnds = ["2026-01-31", "2026-03-30", "2026-08-31", "2025-12-31", "2024-02-29"];

/** With 0 to 4 renewals. */
export function randomSubscription(context: PurchaseContext): ChaosPurchase {
  const { random, shop, buyer, now } = context;
  const isMonthEnd = random.chance(0.3);
  const startedAt = isMonthEnd
    ? new Date(`${random.pick(monthEnds)}T${random.pick(["00:00:00", "10:20:30", "23:59:59"])}Z`)
    : later(now, -random.pick([1, 30, 3000, 100 * DAY]));
  const trialDays = random.chance(0.15) ? random.pick([7, 14, 30]) : 0;
  const anchorDay = trialDays === 0 && random.chance(0.15) ? random.pick([15, 30, 31]) : 0;
  const isDebit = trialDays === 0 && random.chance(0.1);
  const price = random.pick([prices.monthly, prices.monthly, prices.lite, prices.yearly]);
  const named = random.pick([app, pro, forever]).id;
  const place = random.pick(["nowhere", "nowhere", "session", "subscription"] as const);
  const metadata = { CRYPTLEX_PRODUCT_ID: named };

  const sale = shop.subscribe({
    ...buyer,
    price,
    startedAt,
    ...(trialDays > 0 && { trialDays }),
    ...(anchorDay > 0 && { anchorDay }),
    ...(place === "session" && { sessionMetadata: metadata }),
    ...(place === "subscription" && { subscriptionMetadata: metadata }),
    ...(isDebit && { paymentStatus: "unpaid" as const }),
  });
  const renewals = random.below(5);
  const changes = price.interval === "month" && renewals > 0 && random.chance(0.3);
  const title = [
    `subscription, ${price.price}`,
    isMonthEnd && `from a month's end`,
    trialDays > 0 && `trial of ${trialDays} days`,
    anchorDay > 0 && `anchored to day ${anchorDay}`,
    isDebit && "paid by debit",
    place !== "nowhere" && `${named} in the ${place}'s metadata`,
    `${renewals} renewals`,
    changes && "then yearly",
  ].filter((part) => part !== false).join(", ");
  return {
    title,
    events: [
      sale.checkoutCompleted(),
      ...(isDebit ? [sale.asyncPaymentSucceeded()] : []),
      sale.firstInvoicePaid(),
      ...Array.from({ length: renewals }, (_, n) => sale.renewalPaid(n + 1)),
      ...(changes ? yearlyFrom(sale, { random, renewals }) : []),
    ],
  };
}

/** The change, some days into the period that is paid, and perhaps the renewal a year later. */
function yearlyFrom(
  sale: Subscription,
  { random, renewals }: { random: SeededRandom; renewals: number },
): StripeEvent[] {
  const change = sale.changePrice({
    to: prices.yearly,
    at: later(sale.periodEnd(renewals - 1), random.between(1, 20) * DAY),
    prorationBehavior: "always_invoice",
  });
  return [change, ...(random.chance(0.5) ? [sale.renewalPaid(renewals + 1)] : [])];
}
