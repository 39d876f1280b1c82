// What people are to be told, as the ledger hands it out, as data.

import { z } from "zod";

const event = z.object({
  event_id: z.string(),
  event_type: z.string(),
  purchase_id: z.string().nullable(),
  last_error: z.string().nullable(),
}).transform((row) => ({
  eventId: row.event_id,
  eventType: row.event_type,
  purchaseId: row.purchase_id,
  lastError: row.last_error,
}));

/** The JSON of an alert, as the ledger's function returns it. */
export const alertSchema = z.object({
  /** Saying that it arrived needs it. */
  token: z.string(),
  /** How many events were parked that nobody was told of. */
  parked: z.number(),
  /** The first few of them. */
  events: z.array(event),
  /** Pending events that wait for over an hour, when that is to be told. */
  late: z.object({
    count: z.number(),
    since: z.iso.datetime({ offset: true }).transform((value) => new Date(value)),
    oldest: event,
  }).nullable(),
});

/** Something to tell, and the right to do so. */
export type Alert = z.infer<typeof alertSchema>;
/** An event that is told of. */
export type AlertEvent = Alert["events"][number];
