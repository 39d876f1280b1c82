// The ledger's door for explaining. Reads; decides nothing.

import { z } from "zod";
import { createDoorCaller, type DoorClient } from "../operator/call_doors.ts";
import { unclaimed } from "../operator/unclaimed.ts";
import type { Question } from "./read_question.ts";

const date = z.iso.datetime({ offset: true }).transform((value) => new Date(value));

const event = z.object({
  event_id: z.string(),
  event_type: z.string(),
  status: z.enum(["pending", "applied", "ignored", "parked"]),
  outcome: z.string().nullable(),
  last_error: z.string().nullable(),
  attempts: z.number(),
  next_attempt_at: date.nullable(),
  held: z.boolean(),
  livemode: z.boolean(),
  is_read: z.boolean(),
  has_payload: z.boolean(),
  event_created_at: date,
  received_at: date,
  status_since: date.nullable(),
  settled_at: date.nullable(),
}).transform((row) => ({
  eventId: row.event_id,
  eventType: row.event_type,
  status: row.status,
  outcome: row.outcome,
  lastError: row.last_error,
  attempts: row.attempts,
  nextAttemptAt: row.next_attempt_at,
  /** A rehearsal keeps it. */
  held: row.held,
  livemode: row.livemode,
  /** It belongs to a purchase; false: it says nothing of any, or could not be read. */
  isRead: row.is_read,
  hasPayload: row.has_payload,
  eventCreatedAt: row.event_created_at,
  receivedAt: row.received_at,
  /** Since when it is parked, or pending once more; null: since it was received, or it is settled. */
  statusSince: row.status_since,
  settledAt: row.settled_at,
}));

const action = z.object({
  acted_at: date,
  action: z.string(),
  license_id: z.string().nullable(),
  status: z.number().nullable(),
  ms: z.number(),
  error: z.string().nullable(),
  event_ids: z.array(z.string()),
}).transform((row) => ({
  actedAt: row.acted_at,
  action: row.action,
  licenseId: row.license_id,
  /** Null: it was never answered. */
  status: row.status,
  ms: row.ms,
  error: row.error,
  eventIds: row.event_ids,
}));

/** The newest, in the order of time; `total`: how many there are. */
const some = <T extends z.ZodType>(row: T) => z.object({ total: z.number(), rows: z.array(row) });

const detail = z.object({
  claim: unclaimed,
  customer_id: z.string().nullable(),
  created_at: date,
  must_read: z.boolean(),
  attempts: z.number(),
  last_error: z.string().nullable(),
  next_attempt_at: date.nullable(),
  not_before: date.nullable(),
  lease_until: date.nullable(),
  look_again_at: date.nullable(),
  events: some(event),
  actions: some(action),
}).transform((row) => ({
  /** As a replay would get it, but for `mustRead`. */
  claim: { ...row.claim, mustRead: row.must_read },
  customerId: row.customer_id,
  createdAt: row.created_at,
  attempts: row.attempts,
  lastError: row.last_error,
  nextAttemptAt: row.next_attempt_at,
  notBefore: row.not_before,
  leaseUntil: row.lease_until,
  lookAgainAt: row.look_again_at,
  events: row.events,
  actions: row.actions,
}));

const listed = z.object({
  purchase_id: z.string(),
  created_at: date,
  licenses: z.number(),
  unsettled: z.number(),
}).transform((row) => ({
  purchaseId: row.purchase_id,
  createdAt: row.created_at,
  /** Those in Cryptlex, as far as is known, that were not ended. */
  licenses: row.licenses,
  /** Events that wait, or need a person. */
  unsettled: row.unsettled,
}));

const answer = z.object({
  asked_at: date,
  total: z.number(),
  purchases: z.array(listed),
  details: z.array(detail),
  events: some(event).nullable(),
  paused_until: date.nullable(),
  token_refused_since: date.nullable(),
  stripe_refused_since: date.nullable(),
}).transform((row) => ({
  /** How many purchases there are; the newest of them listed, of the first the details. */
  total: row.total,
  purchases: row.purchases,
  details: row.details,
  /** What was told of an id that has no purchase. */
  loose: row.events,
  ledger: {
    /** The database's clock. */
    now: row.asked_at,
    pausedUntil: row.paused_until,
    tokenRefusedSince: row.token_refused_since,
    stripeRefusedSince: row.stripe_refused_since,
  },
}));

export type ToldEvent = z.infer<typeof event>;
export type MadeCall = z.infer<typeof action>;
export type Detail = z.infer<typeof detail>;
export type Answer = z.infer<typeof answer>;
/** What holds for every purchase at that moment. */
export type LedgerNow = Answer["ledger"];

/** As many as the door gives in full. */
export const mostDetails = 20;

/** Asks the door about `details` purchases in full; `at` overrides the database's clock, for tests. */
export async function askLedger(
  client: DoorClient,
  question: Question,
  { details, at }: { details: number; at?: Date },
): Promise<Answer> {
  const call = createDoorCaller(client, at === undefined ? {} : { at });
  const asked = question.kind === "id" ? { id: question.id } : { email: question.email };
  return await call("explain_purchases", { ...asked, details }, answer);
}
