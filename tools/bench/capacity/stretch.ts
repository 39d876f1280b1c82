// A stretch of the flood, simulated: renewals are worked off while buyers come at random, and once
// many of them at the same moment.

import type { StripeShop } from "../../stripe_sandbox/stripe_shop.ts";
import type { Subscription } from "../../stripe_sandbox/subscription.ts";
import type { SeededRandom } from "../../chaos/seeded_random.ts";
import { busiestWindow } from "./busiest_window.ts";
import type { Flood } from "./flood.ts";
import type { SimulatedFunction } from "./simulated_function.ts";

export type StretchOptions = {
  readonly flood: Flood;
  /** The first renewal that waits. */
  readonly from: number;
  /** How many renewals there are in all. */
  readonly purchases: number;
  readonly seconds: number;
  readonly salesPerHour: number;
  /** How many buyers come at the same moment, in the middle. */
  readonly rush: number;
  readonly shop: StripeShop;
  readonly random: SeededRandom;
};

/** What a stretch showed; all of simulated time. */
export type Stretch = {
  readonly renewals: number;
  /** Once it is under way: what was held for a burst is spent by then. */
  readonly renewalsPerSecond: number;
  /** What each buyer waited who came alone, seconds. */
  readonly buyersWaited: readonly number[];
  /** Until the last of the rush had a license. */
  readonly rushSeconds: number;
  /** Calls that Cryptlex refused as too many. */
  readonly refused: number;
  /** The most calls in any five seconds. */
  readonly busiest: number;
  readonly roundTripsPerRenewal: number;
  readonly drainsAtOnce: number;
};

const warmSeconds = 10;

/** Buyers are waited for when it is over, so that each has waited for something. */
export async function simulateStretch(
  fn: SimulatedFunction,
  options: StretchOptions,
): Promise<Stretch> {
  const { flood, from, purchases, seconds, random, shop } = options;
  const startMs = fn.now().getTime();
  const end = new Date(startMs + seconds * 1000);
  for (let n = from; n < Math.min(purchases, from + seconds * 10 + 100); n++) {
    fn.sandbox.seedLicense({
      id: flood.licenseId(n),
      expiresAt: flood.licensesEndAt.toISOString(),
    });
  }
  const came = new Map<Subscription, Date>();
  const rush = new Set<Subscription>();
  const buys = async (buyers: number): Promise<Subscription[]> => {
    const sales = Array.from({ length: buyers }, () =>
      shop.subscribe({
        email: `buyer${random.below(2 ** 31)}@example.com`,
        name: "Ada Lovelace",
        price: { amount: 1900, interval: "month" },
        startedAt: fn.now(),
      }));
    for (const sale of sales) came.set(sale, fn.now());
    await Promise.all(sales.map((sale) => fn.deliver(sale.firstInvoicePaid())));
    return sales;
  };

  const drained = fn.drainUntil(end);
  const rushed = fn.delay(seconds * 500).then(() => buys(options.rush));
  for (;;) {
    const waitMs = -Math.log(1 - random.next()) * 3_600_000 / options.salesPerHour;
    if (fn.now().getTime() + waitMs >= end.getTime()) break;
    await fn.delay(waitMs);
    await buys(1);
  }
  for (const sale of await rushed) rush.add(sale);
  await drained;
  await fn.idle();

  const calls = fn.sandbox.calls();
  const renewedMs = calls.filter(({ path, status }) => path.endsWith("/renew") && status === 200)
    .map(({ at }) => (at.getTime() - startMs) / 1000).sort((a, b) => a - b);
  const lastSeconds = Math.min(seconds, renewedMs.at(-1) ?? 0);
  const steady = renewedMs.filter((at) => at >= warmSeconds && at <= lastSeconds).length;
  const waited = (sales: Iterable<Subscription>) =>
    [...sales].map((sale) => secondsUntilLicensed(fn, { sale, came: came.get(sale) ?? end }));
  return {
    renewals: renewedMs.length,
    renewalsPerSecond: steady / (lastSeconds - warmSeconds),
    buyersWaited: waited([...came.keys()].filter((sale) => !rush.has(sale))),
    rushSeconds: Math.max(0, ...waited(rush)),
    refused: calls.filter(({ status }) => status === 429).length,
    busiest: busiestWindow(calls.map(({ at }) => at.getTime()), 5000),
    roundTripsPerRenewal: fn.roundTrips() / renewedMs.length,
    drainsAtOnce: fn.mostDrains(),
  };
}

/** Infinity: it has none. */
function secondsUntilLicensed(
  { sandbox }: SimulatedFunction,
  { sale, came }: { sale: Subscription; came: Date },
): number {
  const license = sandbox.licenses().find(({ metadata }) =>
    metadata.some(({ value }) => value === sale.id)
  );
  return license ? (Date.parse(license.createdAt) - came.getTime()) / 1000 : Infinity;
}
