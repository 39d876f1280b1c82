// Money a bank takes back, or asks about: open, won, lost, several at once.

import type { Dispute } from "../../stripe_sandbox/dispute.ts";
import type { Payment } from "../../stripe_sandbox/payment.ts";
import type { StripeEvent } from "../../stripe_sandbox/stripe_event.ts";
import { DAY, later } from "../../stripe_sandbox/unix_time.ts";
import type { SeededRandom } from "../seeded_random.ts";
import type { MoneyMoment } from "./refunds.ts";

const courses = ["inquiry", "open", "under review", "won", "won", "lost", "prevented"] as const;

/** One dispute, sometimes two; `what` for people. */
export function disputeSome(
  payment: Payment,
  { random, at }: MoneyMoment,
): { what: string; events: StripeEvent[] } {
  const count = random.chance(0.2) ? 2 : 1;
  const disputes = Array.from({ length: count }, (_, nth) => {
    const course = random.pick(courses);
    const dispute = payment.dispute({
      at: later(at, nth * DAY),
      ...(course === "inquiry" && { status: "warning_needs_response" as const }),
      ...(count > 1 && { amount: 1 + nth }),
    });
    return { course, events: courseOf(dispute, { course, random }) };
  });
  return {
    what: disputes.map(({ course }) => `dispute ${course}`).join(" and "),
    events: [
      ...disputes.flatMap(({ events }) => events),
      ...(random.chance(0.2) ? [payment.earlyFraudWarning({ at })] : []),
    ],
  };
}

function courseOf(
  dispute: Dispute,
  { course, random }: { course: typeof courses[number]; random: SeededRandom },
): StripeEvent[] {
  const { at } = dispute;
  const end = later(at, 20 * DAY);
  if (course === "inquiry") {
    const closed = random.chance(0.5)
      ? [dispute.closed({ status: "warning_closed", at: end })]
      : [];
    return [dispute.created(), ...closed];
  }
  const opened = [
    dispute.created(),
    ...(random.chance(0.7) ? [dispute.fundsWithdrawn()] : []),
    ...(course !== "open" && random.chance(0.7)
      ? [dispute.updated({ status: "under_review", at: later(at, 5 * DAY) })]
      : []),
  ];
  if (course === "open" || course === "under review") return opened;
  return [
    ...opened,
    dispute.closed({ status: course, at: end }),
    ...(course === "won" ? [dispute.fundsReinstated({ at: later(end, 2) })] : []),
  ];
}
