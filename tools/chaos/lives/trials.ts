// What becomes of a trial before it is over, and one given to who has paid.

import { DAY, later } from "../../stripe_sandbox/unix_time.ts";
import { isInTrial, type Life } from "./life.ts";

export function trialAnnounced(life: Life): string | null {
  if (!isInTrial(life) || life.period > 0 || life.sale.trialEnd === null) return null;
  life.tell(life.sale.trialWillEnd());
  return "trial announced to end";
}

/** Never to less than what is paid: a date only grows. */
export function trialExtended(life: Life): string | null {
  const at = life.pass();
  if (at === null) return null;
  const trialEnd = later(life.sale.periodEnd(life.period), (1 + life.random.below(14)) * DAY);
  life.tell(life.sale.updated({ at, trialEnd }));
  life.trialEnd = trialEnd;
  return "trial until later";
}

export function trialEndedEarly(life: Life): string | null {
  if (!isInTrial(life)) return null;
  const at = life.pass();
  if (at === null) return null;
  const { updated, ...paid } = life.sale.endTrial({ at });
  life.tell(updated);
  life.tellPaid(paid);
  life.trialEnd = at;
  return "trial ended early";
}
