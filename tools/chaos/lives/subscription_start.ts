// How a random subscription begins: what is bought, when, and how it is paid.

import type { PriceTerms } from "../../stripe_sandbox/price.ts";
import type { SubscribeOptions } from "../../stripe_sandbox/subscription_opening.ts";
import { DAY, later } from "../../stripe_sandbox/unix_time.ts";
import { app, forever, pro } from "../chaos_catalogue.ts";
import type { SeededRandom } from "../seeded_random.ts";
import type { PurchaseContext } from "./chaos_purchase.ts";

const monthEnds = ["2026-01-31", "2026-03-30", "2026-08-31", "2025-12-31", "2024-02-29"];

/** With a set where plans give the same product one: a set that is there is not taken away again. */
const named: readonly Record<string, string>[] = [
  { CRYPTLEX_PRODUCT_ID: app.id, CRYPTLEX_ENTITLEMENT_SET_ID: "set-basic" },
  { CRYPTLEX_PRODUCT_ID: pro.id },
  { CRYPTLEX_PRODUCT_ID: forever.id },
];

export type Start = {
  readonly options: SubscribeOptions;
  /** For people. */
  readonly title: readonly string[];
  readonly isDebit: boolean;
};

export function randomStart(
  { random, buyer, now }: PurchaseContext,
  price: PriceTerms,
): Start {
  const isMonthEnd = random.chance(0.3);
  const trialDays = random.chance(0.2) ? random.pick([7, 14, 30]) : 0;
  const anchorDay = trialDays === 0 && random.chance(0.1) ? random.pick([15, 30, 31]) : 0;
  const isDebit = trialDays === 0 && random.chance(0.1);
  const isFree = random.chance(0.05);
  const place = random.pick(["nowhere", "nowhere", "nowhere", "session", "subscription"] as const);
  const metadata = random.pick(named);
  return {
    isDebit,
    title: [
      `subscription, ${price.price}`,
      isMonthEnd && "from a month's end",
      trialDays > 0 && `trial of ${trialDays} days`,
      anchorDay > 0 && `anchored to day ${anchorDay}`,
      isDebit && "paid by debit",
      isFree && "free for ever",
      place !== "nowhere" && `${metadata["CRYPTLEX_PRODUCT_ID"]} in the ${place}'s metadata`,
    ].filter((part) => part !== false),
    options: {
      ...buyer,
      price,
      startedAt: isMonthEnd ? monthEnd(random) : later(now, -random.pick([1, 30, 3000, 100 * DAY])),
      ...(trialDays > 0 && { trialDays }),
      ...(anchorDay > 0 && { anchorDay }),
      ...(isFree && { discount100: true }),
      ...(place === "session" && { sessionMetadata: metadata }),
      ...(place === "subscription" && { subscriptionMetadata: metadata }),
      ...(isDebit && { paymentStatus: "unpaid" as const }),
    },
  };
}

function monthEnd(random: SeededRandom): Date {
  const time = random.pick(["00:00:00", "10:20:30", "23:59:59"]);
  return new Date(`${random.pick(monthEnds)}T${time}Z`);
}
