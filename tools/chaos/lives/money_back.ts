// A payment of a subscription that is given back or disputed.

import type { Life } from "./life.ts";
import { disputeSome } from "./disputes.ts";
import { refundSome } from "./refunds.ts";

export function disputed(life: Life): string | null {
  const payment = life.payments.at(-1);
  if (payment === undefined) return null;
  const at = life.pass();
  if (at === null) return null;
  const { what, events } = disputeSome(payment, { random: life.random, at });
  life.tell(...events);
  return what;
}

/** Each payment once: what is left of it is not kept here. */
export function refunded(life: Life): string | null {
  const at = life.payments.length === 0 ? null : life.pass();
  if (at === null) return null;
  const [payment] = life.payments.splice(life.random.below(life.payments.length), 1);
  if (payment === undefined) return null;
  const { what, events } = refundSome(payment, { random: life.random, at });
  life.tell(...events);
  return what;
}
