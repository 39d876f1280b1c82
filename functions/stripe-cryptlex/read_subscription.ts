// A subscription -> facts: what it looks like, whether it is over, what its prices sell. Reads; does
// not decide: `active` is not yet paid.

import { nothing } from "./purchase.ts";
import { catalogTermsOf, lineOf, soldAt } from "./read_price.ts";
import type { Facts, Stamp } from "./reading.ts";
import type { Subscription } from "./stripe_subscription.ts";
import type { Snapshot, SnapshotItem } from "./subscription_snapshot.ts";
import { readTerms } from "./terms.ts";

/** The facts in a `customer.subscription.…` event of the given type. */
export function readSubscription(
  subscription: Subscription,
  stamp: Stamp,
  type?: string,
): Facts {
  const { id, customer, status, latest_invoice } = subscription;
  return {
    kind: "facts",
    stripeIds: [id, latest_invoice].filter((id) => id !== null),
    customerId: customer,
    opensSale: false,
    facts: {
      ...nothing,
      customerId: customer === null ? null : { value: customer, ...stamp },
      subscription: { value: readSnapshot(subscription), ...stamp },
      subscriptionTerms: { value: readTerms(subscription.metadata), ...stamp },
      catalogTerms: catalogTermsOf(
        subscription.items.data.map(({ price }) => soldAt(price)),
        stamp,
      ),
      trialThrough: status === "trialing" ? subscription.trial_end : null,
      ended: status === "canceled" || type === "customer.subscription.deleted",
    },
  };
}

function readSnapshot({ status, items, current_period_end }: Subscription): Snapshot {
  return {
    status,
    items: Object.fromEntries(items.data.map((item): [string, SnapshotItem] => [item.id, {
      line: lineOf(soldAt(item.price), {
        quantity: item.quantity,
        terms: readTerms(item.metadata),
      }),
      currentPeriodEnd: item.current_period_end ?? current_period_end,
    }])),
    isPartial: items.has_more ?? false,
  };
}
