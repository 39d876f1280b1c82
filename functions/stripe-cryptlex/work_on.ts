// What a delivery does beyond its answer.

import type { Claim } from "./claim.ts";
import { converge } from "./converge.ts";
import { sendAlert } from "./send_alert.ts";
import type { World } from "./world.ts";

/** Converges the purchase that an event claimed, and another that is due. Never rejects for what fails. */
export async function workOn(claim: Claim, world: World, startedMs: number): Promise<void> {
  // The acknowledgement goes out first: deciding takes a while, and Stripe waits.
  await world.delay(0);
  // One other is enough: each delivery has its own share of the platform's time.
  const options = { startedMs, claimedAtMs: startedMs, others: { left: 1 } };
  const { parked } = await converge(claim, world, options);
  if (parked > 0) await sendAlert(world);
}
