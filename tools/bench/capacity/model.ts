// How much the function can do, computed: Cryptlex's limit is what bounds it. Pure.

import type { CallRate } from "../../../functions/stripe-cryptlex/ledger.ts";

/** What is sold, and where. */
export type Load = {
  /** Subscriptions that renew at the same moment. */
  readonly purchases: number;
  readonly rate: CallRate;
  readonly salesPerHour: number;
  readonly graceDays: number;
  /** What a call to Cryptlex takes. */
  readonly latencySeconds: number;
};

/** What comes of it. */
export type Capacity = {
  /** What may be called without end. */
  readonly callsPerSecond: number;
  readonly renewalsPerSecond: number;
  /** From the first paid renewal until all are licensed. */
  readonly hoursUntilAll: number;
  /** From the first paid renewal until the licenses end that wait for theirs. */
  readonly hoursAllowed: number;
  /** No license ends while its renewal waits. */
  readonly holds: boolean;
  /** So many subscriptions renew before a license ends. */
  readonly mostPurchases: number;
  /** The fewest RENEWAL_GRACE_DAYS with which these would. */
  readonly graceDaysNeeded: number;
  /** What a buyer waits in the middle of it, who comes alone. */
  readonly buyerSeconds: number;
  /** Sales in an hour that renewals leave room for; beyond, buyers wait for each other. */
  readonly mostSalesPerHour: number;
  /** Calls under way at once. */
  readonly callsAtOnce: number;
  /** What is asked of the database while renewals are worked off: a claim and a settlement of each. */
  readonly roundTripsPerSecond: number;
};

const callsPerSale = 2;
const callsPerRenewal = 1;

/** Stripe invoices a renewal an hour after the period's end. */
const hoursUntilPaid = 1;

/** Of the calls allowed so many may be made all the time in a flood; the rest is for bursts. */
const steadyShare = 0.75;

/** What this load comes to. */
export function capacityOf(load: Load): Capacity {
  const { purchases, rate, salesPerHour, graceDays, latencySeconds } = load;
  const callsPerSecond = steadyShare * rate.calls / rate.seconds;
  const mostSalesPerHour = callsPerSecond / 2 / callsPerSale * 3600;
  const callsOfSales = Math.min(salesPerHour, mostSalesPerHour) / 3600 * callsPerSale;
  const renewalsPerSecond = (callsPerSecond - callsOfSales) / callsPerRenewal;
  const hoursUntilAll = purchases / renewalsPerSecond / 3600;
  const hoursAllowed = graceDays * 24 - hoursUntilPaid;
  return {
    callsPerSecond,
    renewalsPerSecond,
    hoursUntilAll,
    hoursAllowed,
    holds: hoursUntilAll <= hoursAllowed,
    mostPurchases: Math.max(0, Math.floor(hoursAllowed * 3600 * renewalsPerSecond)),
    graceDaysNeeded: Math.ceil((hoursUntilAll + hoursUntilPaid) / 24),
    buyerSeconds: callsPerSale * latencySeconds,
    mostSalesPerHour: Math.floor(mostSalesPerHour),
    callsAtOnce: callsPerSecond * latencySeconds,
    roundTripsPerSecond: 2 * renewalsPerSecond,
  };
}

/** When the last of so many buyers who come at once has a license, seconds; `held` calls are kept for them. */
export function rushSeconds(
  buyers: number,
  { rate, latencySeconds, held }: Pick<Load, "rate" | "latencySeconds"> & { held: number },
): number {
  const perSecond = steadyShare * rate.calls / rate.seconds / 2;
  return Math.max(0, buyers * callsPerSale - held) / perSecond + callsPerSale * latencySeconds;
}
