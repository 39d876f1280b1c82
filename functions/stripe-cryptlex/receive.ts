// One verified event: read, recorded, and its purchase converged in the background. In a burst all
// are recorded first, and their purchases taken up in the next lull.

import type { Background } from "./background.ts";
import type { Claim } from "./claim.ts";
import { converge } from "./converge.ts";
import { actedOn } from "./livemode.ts";
import { recordOrPark } from "./record_or_park.ts";
import { readEvent } from "./read_event.ts";
import { sendAlert } from "./send_alert.ts";
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
    const { claim, left } = await record(body, { world, background, claims: !isBurst });
    if (claim !== null) background.run(workOn(claim, world, { startedMs, takesOther: true }));
    if (left !== null) background.run(deliveries.later(() => takeUp(left, world)));
  });
}

/** `left`: the purchase that is to be claimed later. */
async function record(
  body: unknown,
  { world, background, claims }: { world: World; background: Background; claims: boolean },
): Promise<{ claim: Claim | null; left: string | null }> {
  const read = readEvent(body);
  const { head } = read;
  const startedMs = performance.now();
  const event = { head, reading: actedOn(read, world.livemode), payload: body };
  const { duplicate, claim, left, reading } = await recordOrPark(event, world.ledger, { claims });
  const purchaseId = claim?.purchaseId ?? left;
  world.log({
    action: duplicate ? "record_duplicate" : "record",
    event_id: head.eventId,
    event_type: head.eventType,
    status: reading.kind === "facts" ? "pending" : reading.kind,
    ...(purchaseId === null ? {} : { purchase_id: purchaseId }),
    ms: Math.round(performance.now() - startedMs),
    ...(reading.kind === "facts" ? {} : { outcome: reading.reason }),
  });
  if (reading.kind === "parked" && !duplicate) background.run(sendAlert(world));
  return { claim, left };
}

/** As `record` would have, had there been time. What another took up, or cannot be now, is left to others. */
async function takeUp(purchaseId: string, world: World): Promise<void> {
  const startedMs = performance.now();
  const claim = await world.ledger.claimFresh(purchaseId);
  // Those of a burst would take each other's, and look through all of them each time.
  if (claim !== null) await workOn(claim, world, { startedMs, takesOther: false });
}

/** `startedMs` is `performance.now()` from before the claim was asked for. */
async function workOn(
  claim: Claim,
  world: World,
  options: { startedMs: number; takesOther: boolean },
): Promise<void> {
  // The acknowledgement goes out first: deciding takes a while, and Stripe waits.
  await world.delay(0);
  const { parked } = await converge(claim, world, { ...options, claimedAtMs: options.startedMs });
  if (parked > 0) await sendAlert(world);
}
