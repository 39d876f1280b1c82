// Reading an event and writing it down.

import type { Background } from "./background.ts";
import type { Claim } from "./claim.ts";
import { actedOn } from "./livemode.ts";
import { readEvent } from "./read_event.ts";
import { recordOrPark } from "./record_or_park.ts";
import { sendAlert } from "./send_alert.ts";
import type { World } from "./world.ts";

/**
 * Records the event, and claims its purchase if that is free and `claims` says so. `isPending`: it is
 * new, and something is to be done.
 *
 * @throws {NotAnEventError} the body is no Stripe event.
 * @throws {LedgerError} it could not be recorded.
 */
export async function recordEvent(
  body: unknown,
  world: World,
  { background, claims }: { background: Background; claims: boolean },
): Promise<{ claim: Claim | null; isPending: boolean }> {
  const read = readEvent(body);
  const { head } = read;
  const startedMs = performance.now();
  const event = { head, reading: actedOn(read, world.livemode), payload: body };
  const { duplicate, claim, reading } = await recordOrPark(event, world.ledger, { claims });
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
  return { claim, isPending: reading.kind === "facts" && !duplicate };
}
