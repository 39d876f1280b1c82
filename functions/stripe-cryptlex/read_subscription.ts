// A subscription -> facts: what it looks like, whether it is over, what its prices sell. Reads; does
// not decide: `active` is not yet paid.

import { type Line, type ListedItem, nothing, type Purchase } from "./purchase.ts";
import { catalogTermsOf, isMetered, lineOf, soldAt } from "./read_price.ts";
import type { Facts, Stamp } from "./reading.ts";
import type { Subscription, SubscriptionItem } from "./stripe_subscription.ts";
import type { Snapshot, SnapshotItem } from "./subscription_snapshot.ts";
import { readTerms } from "./read_terms.ts";

/**
 * An item that came so much later than its subscription was added to it, seconds: those a
 * subscription begins with are made in one request with it.
 */
const addedAfter = 60;

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
      ...readPeriods(subscription),
      subscription: { value: readSnapshot(subscription), ...stamp },
      listed: readListed(subscription, stamp),
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
      line: lineOfItem(item),
      currentPeriodEnd: item.current_period_end ?? current_period_end,
    }])),
    isPartial: items.has_more ?? false,
  };
}

/** The period each of its items is in: whether it is paid is for money to say. */
function readPeriods(subscription: Subscription): Pick<Purchase, "periods" | "usedFrom"> {
  const periods: Record<string, Record<string, number>> = {};
  const usedFrom: Record<string, number> = {};
  for (const item of subscription.items.data) {
    const start = item.current_period_start ?? subscription.current_period_start;
    const end = item.current_period_end ?? subscription.current_period_end;
    if (start === null || end === null) continue;
    periods[item.id] = { [start]: end };
    if (start === subscription.start_date && isMetered(item.price)) usedFrom[item.id] = start;
  }
  return { periods, usedFrom };
}

function readListed({ created, items }: Subscription, stamp: Stamp): Purchase["listed"] {
  return Object.fromEntries(items.data.map((item): [string, ListedItem] => [item.id, {
    createdAt: item.created,
    isAdded: item.created !== null && created !== null && item.created > created + addedAfter,
    line: { value: lineOfItem(item), ...stamp },
  }]));
}

function lineOfItem({ price, quantity, metadata }: SubscriptionItem): Line {
  return lineOf(soldAt(price), { quantity, terms: readTerms(metadata) });
}
