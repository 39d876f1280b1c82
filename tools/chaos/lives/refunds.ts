// Money that goes back: in part, in parts, in full; and comes again when that fails.

import type { Payment } from "../../stripe_sandbox/payment.ts";
import type { Refund } from "../../stripe_sandbox/refund.ts";
import type { StripeEvent } from "../../stripe_sandbox/stripe_event.ts";
import { DAY, later } from "../../stripe_sandbox/unix_time.ts";
import type { SeededRandom } from "../seeded_random.ts";

const fates = [
  "in part",
  "in parts",
  "in full",
  "failed",
  "pending",
  "again after a failure",
] as const;

export type MoneyMoment = { readonly random: SeededRandom; readonly at: Date };

/** Gives money back, or tries to; `what` for people. */
export function refundSome(
  payment: Payment,
  { random, at }: MoneyMoment,
): { what: string; events: StripeEvent[] } {
  const fate = random.pick(fates);
  // Older endpoints are sent the one kind of event only, newer ones may be.
  const sent = random.pick(["both", "both", "refunds", "charges"] as const);
  const part = Math.max(1, Math.floor(payment.amount * random.between(0.1, 0.9)));
  const told = (refund: Refund) => [
    ...(sent === "charges" ? [] : [refund.created()]),
    ...(sent === "refunds" ? [] : [refund.chargeRefunded()]),
  ];
  const failed = (refund: Refund, moment: Date) => [
    ...(random.chance(0.5) ? [refund.updated({ status: "failed", at: moment })] : []),
    refund.failed({ at: moment }),
  ];
  const events: StripeEvent[] = [];
  if (fate === "in part" || fate === "in parts") {
    events.push(...told(payment.refund({ amount: part, at })));
    if (fate === "in parts" && part < payment.amount) {
      events.push(...told(payment.refund({ at: later(at, DAY) })));
    }
  } else if (fate === "pending") {
    const refund = payment.refund({ at, status: "pending" });
    events.push(...told(refund));
    const end = random.pick(["succeeded", "failed", null] as const);
    if (end) events.push(refund.updated({ status: end, at: later(at, DAY) }));
  } else {
    const refund = payment.refund({ at, ...(random.chance(0.3) && { amount: part }) });
    events.push(...told(refund));
    if (fate !== "in full") events.push(...failed(refund, later(at, 3 * DAY)));
    if (fate === "again after a failure") {
      events.push(...told(payment.refund({ at: later(at, 4 * DAY) })));
    }
  }
  return { what: `refunded ${fate}, told by ${sent}`, events };
}
