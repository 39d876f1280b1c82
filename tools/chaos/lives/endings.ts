// How a subscription ends, if it does.

import { isInTrial, type Life } from "./life.ts";
import { endUnpaid } from "./renewals.ts";

const endings = ["cancelled", "cancelled", "at the period's end", "paused", "unpaid"] as const;

/** Tells how, for people. */
export function endLife(life: Life): string {
  const ending = life.random.pick(endings);
  const end = life.sale.periodEnd(life.period);
  if (ending === "unpaid" && !isInTrial(life)) return endUnpaid(life);
  const at = life.pass() ?? end;
  if (ending === "cancelled") {
    life.tell(life.sale.canceled({ at }));
    return ending;
  }
  if (ending === "at the period's end") {
    life.tell(life.sale.updated({ at, cancelAtPeriodEnd: true }), life.sale.canceled({ at: end }));
    life.at = end;
    return `cancelled ${ending}`;
  }
  // A trial without a way to pay ends so.
  const { updated, paused } = life.sale.paused({ at: end });
  life.tell(updated, paused);
  life.at = end;
  return "paused for good";
}
