// Test mode and live mode: an endpoint may be sent both, and whose licenses are of one mode must not
// sell those of the other. Pure.

import type { EventHead, Reading } from "./read_event.ts";

const names = { live: "live mode", test: "test mode" };

/**
 * The reading, or, where only one mode is acted on and this is the other, that it is ignored.
 * `livemode` null: both are.
 */
export function actedOn(
  { head, reading }: { head: EventHead; reading: Reading },
  livemode: boolean | null,
): Reading {
  if (livemode === null || head.livemode === livemode) return reading;
  const [here, there] = livemode ? [names.live, names.test] : [names.test, names.live];
  return {
    kind: "ignored",
    reason: `${there}: this function acts on ${here} only, by its STRIPE_SECRET_KEY`,
  };
}
