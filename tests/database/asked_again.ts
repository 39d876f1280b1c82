// What tests of replaying have in common: events to ask for again, and what was told of them.

import type { RecordedEvent } from "../../functions/stripe-cryptlex/ledger.ts";
import type { ReplayPage } from "../../tools/replay/replay_doors.ts";
import { applied, claimOf, type LedgerDatabase, recorded } from "./ledger_database.ts";

/** These events. */
export function ids(...eventIds: string[]): { kind: "ids"; ids: string[] } {
  return { kind: "ids", ids: eventIds };
}

/** What was told of each event. */
export function results({ events }: ReplayPage): Record<string, string> {
  return Object.fromEntries(events.map(({ eventId, result }) => [eventId, result]));
}

/** An event that could not be read, or has nothing to say. */
export function unread(eventId: string, kind: "parked" | "ignored"): RecordedEvent {
  return { ...recorded(eventId, []), reading: { kind, reason: "as it is" } };
}

/** Records an event and finishes with it. */
export async function recordDone(
  db: LedgerDatabase,
  event: { eventId: string; purchaseId: string; at: Date },
): Promise<void> {
  const ledger = db.ledger(event.at);
  const claim = claimOf(await ledger.record(recorded(event.eventId, [event.purchaseId])));
  await ledger.settle(claim, applied(claim));
}
