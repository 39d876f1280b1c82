// Test mode and live mode: an endpoint may be sent both, and whose licenses are of one mode must not
// sell those of the other. Pure.

import type { EventHead, Reading } from "./read_event.ts";

const names = { live: "live mode", test: "test mode" };

/** The outcome of an event of the mode that is not acted on. `livemode`: the mode that is. */
export function otherModeReason(livemode: boolean): string {
  const [here, there] = livemode ? [names.live, names.test] : [names.test, names.live];
  return `${there}: this function acts on ${here} only, by its STRIPE_SECRET_KEY`;
}

/**
 * The reading, or, where only one mode is acted on and this is the other, that it is ignored.
 * `livemode` null: both are.
 */
export function actedOn(
  { head, reading }: { head: EventHead; reading: Reading },
  livemode: boolean | null,
): Reading {
  if (livemode === null || head.livemode === livemode) return reading;
  return { kind: "ignored", reason: otherModeReason(livemode) };
}
