// Brings a subscription back from what fixes it, as it is after all that happened to it.

import type { PriceTerms } from "../stripe_sandbox/price.ts";
import type { StripeEvent } from "../stripe_sandbox/stripe_event.ts";
import type { Subscription } from "../stripe_sandbox/subscription.ts";
import { HOUR, later } from "../stripe_sandbox/unix_time.ts";
import { shopOf } from "./sample_purchase.ts";
import type { Sale, SaleChange } from "./shop_state.ts";

const monthly = { product: "prod_app", interval: "month" } as const;

/** Stable, so that rows of `licensing.plans` can name them. */
const app = { ...monthly, price: "price_app_monthly", amount: 1900 } satisfies PriceTerms;
const pro = { ...monthly, price: "price_app_pro", amount: 4900 } satisfies PriceTerms;

const surnames = ["Young", "Stone", "Wells"];

/** What is changed in the middle of a month is billed with the next one. */
const prorationBehavior = "create_prorations";

export function subscriptionOf(sale: Sale): Subscription {
  return replay(sale).subscription;
}

/** The sale after one more thing has happened to it, and the event of that. */
export function changed(
  sale: Sale,
  kind: SaleChange["kind"],
): { sale: Sale; event: StripeEvent } {
  const { subscription } = replay(sale);
  const { renewals, changes } = sale;
  const since = renewals === 0 ? new Date(sale.at) : subscription.periodEnd(renewals - 1);
  // An hour after the last one.
  const at = later(since, (changes.length + 1) * HOUR).toISOString();
  const after = { ...sale, changes: [...changes, { kind, at }] };
  const { event } = replay(after);
  if (event === null) throw new TypeError(`Nothing is told of ${kind}`);
  return { sale: after, event };
}

/** From its beginning; `event` is that of the last change. */
function replay(sale: Sale): { subscription: Subscription; event: StripeEvent | null } {
  const trial = sale.trialDays > 0 ? { trialDays: sale.trialDays } : {};
  const subscription = shopOf(sale).subscribe({ ...sale.buyer, price: app, ...trial });
  const [first] = sale.buyer.name.split(" ");
  let [price, quantity, names]: [PriceTerms, number, number] = [app, 1, 0];

  function happen({ kind, at: moment }: SaleChange): StripeEvent {
    const at = new Date(moment);
    switch (kind) {
      case "upgrade":
        price = price === app ? pro : app;
        return subscription.changePlan({ to: { ...price, quantity }, at, prorationBehavior })
          .updated;
      case "seats":
        quantity++;
        return subscription.changeQuantity({ quantity, at, prorationBehavior }).updated;
      case "pause":
        return subscription.paused({ at }).paused;
      case "resume":
        return subscription.resumed({ at, billingCycleAnchor: "unchanged" }).resumed;
      case "new-name": {
        const name = `${first} ${surnames[names++ % surnames.length]}`;
        return subscription.customer.updated({ at, name });
      }
      case "cancel":
        return subscription.canceled({ at });
    }
  }

  return { subscription, event: sale.changes.map(happen).at(-1) ?? null };
}
