// Writes a subscription as Stripe's `subscription` object.
import type Stripe from "stripe";
import { type BillingPeriod, cutShort } from "./billing_period.ts";
import { embeddedList } from "./list_page.ts";
import type { StripeAccount } from "./stripe_account.ts";
import type { Wire } from "./stripe_wire.ts";
import { subscriptionItemObject } from "./subscription_item_object.ts";
import type { SubscriptionTerms } from "./subscription_lines.ts";
import { stateAt, type SubscriptionState } from "./subscription_state.ts";
import {
  itemPeriodAt,
  itemsAt,
  type SubscriptionItem,
  versionAt,
} from "./subscription_timeline.ts";
import { later, unixTime } from "./unix_time.ts";

export type SubscriptionMoment = {
  terms: SubscriptionTerms;
  customer: string;
  latestInvoice: string | null;
  at: Date;
};

/** The subscription as it is at that moment, in the account's payload shape. */
export function subscriptionObject(
  account: StripeAccount,
  { terms, customer, latestInvoice, at }: SubscriptionMoment,
): Record<string, unknown> {
  const { id, timeline, daysUntilDue } = terms;
  const state = stateAt(terms.state, at);
  const moment = lastLiveMoment(state, { at, startedAt: timeline.startedAt });
  const items = itemsAt(timeline, moment);
  const [nextDue] = items.toSorted((a, b) => endOf(a, moment) - endOf(b, moment));
  const period = nextDue && itemPeriodAt(nextDue, moment);
  const cancelAt = state.cancelAtPeriodEnd ? period?.end ?? null : state.cancelAt;
  const startedAt = unixTime(timeline.startedAt);
  return {
    id,
    object: "subscription",
    application: null,
    application_fee_percent: null,
    automatic_tax: { disabled_reason: null, enabled: false, liability: null },
    billing_cycle_anchor: nextDue ? unixTime(versionAt(nextDue, moment).cycle.anchor) : startedAt,
    billing_cycle_anchor_config: null,
    billing_thresholds: null,
    cancel_at: seconds(cancelAt),
    cancel_at_period_end: state.cancelAtPeriodEnd,
    canceled_at: seconds(state.canceledAt),
    cancellation_details: {
      comment: null,
      feedback: null,
      reason: state.canceledAt ? "cancellation_requested" : null,
    },
    collection_method: daysUntilDue === null ? "charge_automatically" : "send_invoice",
    created: startedAt,
    currency: "usd",
    ...(account.shape === "acacia" && period ? acaciaPeriod(cutShort(period, cancelAt)) : {}),
    customer,
    days_until_due: daysUntilDue,
    default_payment_method: null,
    default_source: null,
    default_tax_rates: [],
    description: null,
    discounts: [],
    ended_at: seconds(state.endedAt),
    invoice_settings: { account_tax_ids: null, issuer: { type: "self" } },
    items: embeddedList(
      items.map((item) =>
        subscriptionItemObject(account, { item, at: moment, subscription: id, cancelAt })
      ),
      `/v1/subscription_items?subscription=${id}`,
    ),
    latest_invoice: latestInvoice,
    livemode: account.livemode,
    metadata: state.metadata,
    next_pending_invoice_item_invoice: null,
    on_behalf_of: null,
    pause_collection: state.pauseCollection && {
      behavior: state.pauseCollection.behavior,
      resumes_at: seconds(state.pauseCollection.resumesAt ?? null),
    },
    payment_settings: {
      payment_method_options: null,
      payment_method_types: null,
      save_default_payment_method: "off",
    },
    pending_invoice_item_interval: null,
    pending_setup_intent: null,
    pending_update: null,
    schedule: null,
    start_date: startedAt,
    status: state.status,
    test_clock: null,
    transfer_data: null,
    trial_end: seconds(state.trialEnd),
    trial_settings: { end_behavior: { missing_payment_method: "create_invoice" } },
    trial_start: seconds(state.trialStart),
  } satisfies Wire<Stripe.Subscription> & Partial<AcaciaPeriod>;
}

type AcaciaPeriod = { current_period_end: number; current_period_start: number };

/** Where the period stood before API version 2025-03-31. */
function acaciaPeriod({ start, end }: BillingPeriod): AcaciaPeriod {
  return { current_period_end: unixTime(end), current_period_start: unixTime(start) };
}

/** An ended subscription keeps the items and the period it ended with. */
function lastLiveMoment(
  { endedAt }: SubscriptionState,
  { at, startedAt }: { at: Date; startedAt: Date },
): Date {
  if (!endedAt || endedAt > at) return at;
  const last = later(endedAt, -1);
  return last < startedAt ? startedAt : last;
}

function endOf(item: SubscriptionItem, at: Date): number {
  return itemPeriodAt(item, at).end.getTime();
}

function seconds(date: Date | null): number | null {
  return date && unixTime(date);
}
