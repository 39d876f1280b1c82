// The next period, paid: at once, after some attempts, or never.

import { DAY, HOUR, later } from "../../stripe_sandbox/unix_time.ts";
import { type Life, tellInvoice } from "./life.ts";

export function renewed(life: Life): string | null {
  begin(life);
  tellInvoice(life, life.period);
  return "renewed";
}

/** Its card fails, and is charged days later. */
export function recovered(life: Life): string | null {
  const due = fail(life);
  const paidAt = later(due, life.random.between(1, 6) * DAY);
  tellInvoice(life, life.period, paidAt);
  life.tell(life.sale.updated({ at: paidAt, status: "active" }));
  return "past due, recovered";
}

/** It is given up, and paid all the same. */
export function paidLate(life: Life): string | null {
  const due = fail(life);
  life.tell(life.sale.updated({ at: later(due, 14 * DAY), status: "unpaid" }));
  const paidAt = later(due, life.random.between(15, 20) * DAY);
  tellInvoice(life, life.period, paidAt);
  life.tell(life.sale.updated({ at: later(paidAt, 1), status: "active" }));
  return "unpaid, paid late";
}

/** Nothing is collected for a period, though it goes on. */
export function notCollected(life: Life): string | null {
  const at = life.pass();
  if (at === null) return null;
  const behavior = life.random.pick(["void", "keep_as_draft", "mark_uncollectible"] as const);
  life.tell(life.sale.updated({ at, pauseCollection: { behavior } }));
  begin(life);
  const until = life.pass();
  if (until) life.tell(life.sale.updated({ at: until, pauseCollection: null }));
  return "collection paused";
}

/** It is not paid, and that is the end of it. */
export function endUnpaid(life: Life): string {
  const due = fail(life);
  life.at = later(due, 14 * DAY);
  if (life.random.chance(0.5)) {
    life.tell(life.sale.updated({ at: life.at, status: "unpaid" }));
    return "unpaid for good";
  }
  life.tell(life.sale.canceled({ at: life.at }));
  return "past due, cancelled";
}

/** The next period begins. Returns when. */
function begin(life: Life): Date {
  const due = life.sale.periodEnd(life.period);
  life.period++;
  life.tell(life.sale.renewed(life.period));
  life.at = later(due, 3 * HOUR);
  return due;
}

function fail(life: Life): Date {
  const due = begin(life);
  life.tell(
    life.sale.paymentFailed(life.period),
    life.sale.updated({ at: later(due, HOUR + 10), status: "past_due" }),
  );
  if (life.random.chance(0.5)) life.tell(life.sale.paymentFailed(life.period, { attempt: 2 }));
  return due;
}
