// Writing an event down, whatever it is made of.

import { type Ledger, LedgerError, type Recorded, type RecordedEvent } from "./ledger.ts";
import type { Reading } from "./read_event.ts";

/**
 * Records the event as it is; returns how it was read in the end. What the database will never take
 * is parked, and without its payload if that is why: Stripe would send it for days, and then a sale
 * would be lost unseen.
 *
 * @throws {LedgerError} it could not be recorded now, or not even so.
 */
export async function recordOrPark(
  event: RecordedEvent,
  ledger: Ledger,
  options?: { claims: boolean },
): Promise<Recorded & { reading: Reading }> {
  try {
    return { ...await ledger.record(event, options), reading: event.reading };
  } catch (error) {
    const isRefused = error instanceof LedgerError && error.refusesData;
    if (!isRefused || event.payload === undefined) throw error;
    const reason = `cannot be recorded as it is: the database refuses it with ${error.code}`;
    const reading: Reading = { kind: "parked", reason };
    const payload = event.reading.kind === "parked" ? undefined : event.payload;
    return await recordOrPark({ ...event, reading, payload }, ledger);
  }
}
