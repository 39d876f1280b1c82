// The status `paused`, and a cancellation that is taken back.

import { isInTrial, type Life } from "./life.ts";

export function pausedAndResumed(life: Life): string | null {
  if (isInTrial(life)) return null;
  const at = life.pass();
  if (at === null) return null;
  const { updated, paused } = life.sale.paused({ at });
  life.tell(updated, paused);
  const back = life.pass();
  if (back === null) return "paused";
  const billingCycleAnchor = life.random.pick(["now", "unchanged"] as const);
  const changed = life.sale.resumed({ at: back, billingCycleAnchor });
  life.tell(changed.resumed, changed.updated);
  life.tellPaid(changed);
  return `paused and resumed, ${billingCycleAnchor}`;
}

export function cancellationUndone(life: Life): string | null {
  const at = life.pass();
  if (at === null) return null;
  life.tell(life.sale.updated({ at, cancelAtPeriodEnd: true }));
  const back = life.pass();
  if (back === null) return "to be cancelled";
  life.tell(life.sale.updated({ at: back, cancelAtPeriodEnd: false }));
  return "cancellation undone";
}
