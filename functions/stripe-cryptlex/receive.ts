// One verified event: read and recorded, and its purchase converged in the background. In a burst
// all are recorded first, and worked off together in the next lull.

import type { Background } from "./background.ts";
import { drain } from "./drain.ts";
import { recordEvent } from "./record_event.ts";
import { workOn } from "./work_on.ts";
import type { World } from "./world.ts";

/**
 * Records the event and starts on its purchase, if that is free. Resolves once it is recorded.
 *
 * @throws {NotAnEventError} the body is no Stripe event.
 * @throws {LedgerError} it could not be recorded: Stripe is to send it again.
 */
export async function receive(body: unknown, world: World, background: Background): Promise<void> {
  const { deliveries } = background;
  await deliveries.answer(async (isBurst) => {
    const startedMs = performance.now();
    const { claim, isPending } = await recordEvent(body, world, { background, claims: !isBurst });
    if (claim !== null) background.run(workOn(claim, world, startedMs));
    if (!isBurst || !isPending) return;
    background.run(
      deliveries.leave((most) => drain(world, { background, ignoreBackoff: false, most })),
    );
  });
}
