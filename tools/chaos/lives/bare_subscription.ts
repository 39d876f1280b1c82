// A subscription told by its session and its invoices alone: 0 to 4 renewals, a change to a yearly
// price.

import type { StripeEvent } from "../../stripe_sandbox/stripe_event.ts";
import type { Subscription } from "../../stripe_sandbox/subscription.ts";
import { DAY, later } from "../../stripe_sandbox/unix_time.ts";
import { prices } from "../chaos_catalogue.ts";
import type { SeededRandom } from "../seeded_random.ts";
import type { ChaosPurchase, PurchaseContext } from "./chaos_purchase.ts";
import { randomStart } from "./subscription_start.ts";

export function bareSubscription(context: PurchaseContext): ChaosPurchase {
  const { random, shop } = context;
  const price = random.pick([prices.monthly, prices.monthly, prices.lite, prices.yearly]);
  const { options, title, isDebit } = randomStart(context, price);
  const sale = shop.subscribe(options);
  const renewals = random.below(5);
  const changes = price.interval === "month" && renewals > 0 && random.chance(0.3);
  return {
    title: [...title, `${renewals} renewals`, ...(changes ? ["then yearly"] : [])].join(", "),
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
