// A subscription's whole life: how it begins, what happens to it, how it ends, if it does.

import type { StripeEvent } from "../../stripe_sandbox/stripe_event.ts";
import { HOUR, later } from "../../stripe_sandbox/unix_time.ts";
import { prices } from "../chaos_catalogue.ts";
import { itemAdded, itemRemoved } from "./add_ons.ts";
import { endLife } from "./endings.ts";
import { beginLife, type Happening, type Life, tellInvoice } from "./life.ts";
import { disputed, refunded } from "./money_back.ts";
import { cancellationUndone, pausedAndResumed } from "./pauses.ts";
import { basePrices, planChanged } from "./plan_changes.ts";
import { quantityChanged, quantityChangedOften } from "./quantities.ts";
import type { ChaosPurchase, PurchaseContext } from "./chaos_purchase.ts";
import { notCollected, paidLate, recovered, renewed } from "./renewals.ts";
import { randomStart } from "./subscription_start.ts";
import { trialAnnounced, trialEndedEarly, trialExtended } from "./trials.ts";

const happenings: readonly Happening[] = [
  ...[renewed, renewed, renewed, planChanged, planChanged, planChanged, quantityChanged],
  ...[quantityChanged, itemAdded, itemAdded, itemRemoved, itemRemoved, recovered, paidLate],
  ...[notCollected, pausedAndResumed, cancellationUndone, disputed, refunded, trialExtended],
  ...[trialEndedEarly, trialAnnounced, trialAnnounced, quantityChangedOften],
];

/** What is used is billed afterwards, and nothing of it changes. */
const ofMetered: readonly Happening[] = [renewed, recovered, notCollected, cancellationUndone];

const mostHappenings = 7;

export function subscriptionLife(context: PurchaseContext): ChaosPurchase {
  const { random, shop } = context;
  const isMetered = random.chance(0.06);
  const base = isMetered ? prices.metered : random.pick(basePrices);
  const price = isMetered ? base : { ...base, quantity: 1 + random.below(4) };
  const start = randomStart(context, price);
  const sale = shop.subscribe(start.options);
  const life = beginLife({
    sale,
    random,
    sends: { subscriptions: random.chance(0.85), payments: random.chance(0.85) },
    prices: [price],
    at: later(start.options.startedAt ?? context.now, HOUR),
  });
  life.tell(sale.checkoutCompleted(), sale.subscriptionCreated());
  if (start.isDebit) life.tell(sale.asyncPaymentSucceeded());
  tellInvoice(life, 0);

  const title = [...start.title, ...happen(life, isMetered ? ofMetered : happenings)];
  if (random.chance(0.35)) title.push(endLife(life));
  if (!life.sends.subscriptions) title.push("no subscription's events");
  if (!life.sends.payments) title.push("no payment's events");
  return { title: title.join(", "), events: life.events.filter((event) => isSent(event, life)) };
}

function happen(life: Life, from: readonly Happening[]): string[] {
  const count = life.random.below(mostHappenings + 1);
  return Array.from({ length: count }, () => happenOnce(life, from))
    .filter((what) => what !== null);
}

/** What is drawn may be impossible just now. */
function happenOnce(life: Life, from: readonly Happening[]): string | null {
  for (let tries = 0; tries < 5; tries++) {
    const what = life.random.pick(from)(life);
    if (what !== null) return what;
  }
  return null;
}

function isSent({ type }: StripeEvent, { sends }: Life): boolean {
  return sends.subscriptions || !type.startsWith("customer.subscription.");
}
