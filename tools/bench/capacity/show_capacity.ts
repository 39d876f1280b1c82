// A capacity run for people: what is computed beside what was simulated. Pure.

import { alignColumns } from "../../table.ts";
import { percentile } from "../percentile.ts";
import { capacityOf, type Load, rushSeconds } from "./model.ts";
import type { Seen } from "./run_capacity.ts";

/** Lines to print. */
export function showCapacity(load: Load & { rush: number }, seen: readonly Seen[]): string[] {
  const model = capacityOf(load);
  const mean = seen.reduce((sum, one) => sum + one.renewalsPerSecond, 0) / seen.length;
  const head = [
    ...["at", "after h", "renewals/s", "buyer p50 s", "p99 s", `rush of ${load.rush} s`],
    ...["calls in 5 s", "refused", "round trips each", "drains at once"],
  ];
  const rows = seen.map((one) => [
    one.where,
    one.atHours.toFixed(1),
    one.renewalsPerSecond.toFixed(2),
    percentile(one.buyersWaited, 0.5).toFixed(2),
    percentile(one.buyersWaited, 0.99).toFixed(2),
    one.rushSeconds.toFixed(1),
    String(one.busiest),
    String(one.refused),
    one.roundTripsPerRenewal.toFixed(2),
    String(one.drainsAtOnce),
  ]);
  const computed = [
    "model",
    "",
    model.renewalsPerSecond.toFixed(2),
    model.buyerSeconds.toFixed(2),
    "",
    `<= ${rushSeconds(load.rush, { ...load, held: 0 }).toFixed(1)}`,
    `<= ${load.rate.calls}`,
    "0",
    "2",
    "",
  ];
  return [
    ...alignColumns([head, computed, ...rows]),
    "",
    `${load.purchases} subscriptions renew at once: all are licensed after ` +
    `${model.hoursUntilAll.toFixed(1)} h (simulated: ${
      (load.purchases / mean / 3600).toFixed(1)
    } h).`,
    `With ${load.graceDays} days of grace ${
      model.holds ? "no license ends" : "licenses end"
    } before its renewal; that holds up to ${model.mostPurchases}.`,
    `RENEWAL_GRACE_DAYS must be at least ${model.graceDaysNeeded} for these.`,
  ];
}
