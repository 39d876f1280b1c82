// The ledger's door to what a rehearsal noted. Decides nothing.

import { z } from "zod";
import { createDoorCaller, type DoorClient } from "../operator/call_doors.ts";
import { unclaimed } from "../operator/unclaimed.ts";

const unread = z.object({
  event_type: z.string(),
  status: z.enum(["parked", "ignored"]),
  reason: z.string(),
  count: z.number(),
}).transform(({ event_type, ...rest }) => ({ eventType: event_type, ...rest }));

const page = z.object({
  begun_at: z.iso.datetime({ offset: true }).transform((value) => new Date(value)).nullable(),
  total: z.number(),
  claims: z.array(unclaimed),
  next: z.string().nullable(),
  unread: z.array(unread),
}).transform(({ begun_at, ...rest }) => ({
  /** When the event that is held longest came; null: none is held. */
  begunAt: begun_at,
  ...rest,
}));

/** Purchases a rehearsal holds events of, and, on the first page, what came and told of none. */
export type RehearsalPage = z.infer<typeof page>;
/** Events of one type that told of no purchase, for one reason. */
export type UnreadEvents = RehearsalPage["unread"][number];

/** Asks for the page after the purchase that the page before ended with; null: the first. */
export function createRehearsalDoor(
  client: DoorClient,
  options: { at?: Date } = {},
): (after: string | null) => Promise<RehearsalPage> {
  const call = createDoorCaller(client, options);
  return (after) => call("rehearsed_purchases", after === null ? {} : { after }, page);
}
