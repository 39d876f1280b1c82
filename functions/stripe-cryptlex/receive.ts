// One verified event: read, recorded, and its purchase converged in the background.

import type { Background } from "./background.ts";
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
  const read = readEvent(body);
  const { head } = read;
  const startedMs = performance.now();
  const event = { head, reading: actedOn(read, world.livemode), payload: body };
  const { duplicate, claim, reading } = await recordOrPark(event, world.ledger);
  world.log({
    action: duplicate ? "record_duplicate" : "record",
    event_id: head.eventId,
    event_type: head.eventType,
    status: reading.kind === "facts" ? "pending" : reading.kind,
    ...(claim === null ? {} : { purchase_id: claim.purchaseId }),
    ms: Math.round(performance.now() - startedMs),
    ...(reading.kind === "facts" ? {} : { outcome: reading.reason }),
  });
  if (reading.kind === "parked" && !duplicate) background.run(sendAlert(world));
  if (claim === null) return;
  const work = async () => {
    // The acknowledgement goes out first: deciding takes a while, and Stripe waits.
    await world.delay(0);
    const { parked } = await converge(claim, world, {
      startedMs,
      claimedAtMs: startedMs,
      takesOther: true,
    });
    if (parked > 0) await sendAlert(world);
  };
  background.run(work());
}
