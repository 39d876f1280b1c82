// The ledger's doors for replaying. Decides nothing.

import { z } from "zod";
import type { Claim } from "../../functions/stripe-cryptlex/claim.ts";
import { createDoorCaller, type DoorClient } from "../operator/call_doors.ts";
import { unclaimed } from "../operator/unclaimed.ts";
import type { Selection } from "./read_selection.ts";

const event = z.object({
  event_id: z.string(),
  event_type: z.string(),
  status: z.enum(["pending", "applied", "ignored", "parked"]),
  purchase_id: z.string().nullable(),
  result: z.enum(["replayed", "pending", "held", "resend"]),
}).transform((row) => ({
  eventId: row.event_id,
  eventType: row.event_type,
  /** As it was before. */
  status: row.status,
  purchaseId: row.purchase_id,
  /**
   * What asking for it again comes to. `pending`: it is so already; `held`: a rehearsal keeps it;
   * `resend`: it was never read, and its payload is gone.
   */
  result: row.result,
}));

const page = z.object({
  total: z.number(),
  events: z.array(event),
  not_found: z.array(z.string()),
  next: z.object({ received_at: z.string(), event_id: z.string() }).nullable(),
}).transform(({ total, events, not_found, next }) => ({
  /** These, and those of later pages. */
  total,
  events,
  notFound: not_found,
  /** Where the next page begins; null: this is the last. */
  next,
}));

const preview = z.object({ claims: z.array(unclaimed) });

export type ReplayEvent = z.infer<typeof event>;
export type ReplayPage = z.infer<typeof page>;

/** Every method rejects with an error that says what to look at. */
export type ReplayDoors = {
  /** What a replay would come to; changes nothing. */
  find(selection: Selection, after?: ReplayPage["next"]): Promise<ReplayPage>;
  replay(selection: Selection, after?: ReplayPage["next"]): Promise<ReplayPage>;
  /** The purchases as whoever works on them after a replay will get them; changes nothing. */
  preview(purchaseIds: readonly string[]): Promise<Claim[]>;
};

/** The doors behind a client with the secret key; `at` overrides the database's clock, for tests. */
export function createReplayDoors(client: DoorClient, options: { at?: Date } = {}): ReplayDoors {
  const call = createDoorCaller(client, options);
  const ask = (selection: Selection, dryRun: boolean, after: ReplayPage["next"]) =>
    call("replay_stripe_events", {
      ...request(selection),
      dry_run: dryRun,
      ...(after && { after }),
    }, page);

  return {
    find: (selection, after = null) => ask(selection, true, after),
    replay: (selection, after = null) => ask(selection, false, after),
    preview: async (purchaseIds) =>
      (await call("preview_replay", { purchase_ids: purchaseIds }, preview)).claims,
  };
}

/** One page after the other. */
export async function* allPages(
  ask: (after: ReplayPage["next"]) => Promise<ReplayPage>,
): AsyncGenerator<ReplayPage> {
  let next: ReplayPage["next"] = null;
  do {
    const page: ReplayPage = await ask(next);
    yield page;
    next = page.next;
  } while (next !== null);
}

function request(selection: Selection): Record<string, unknown> {
  switch (selection.kind) {
    case "ids":
      return { event_ids: selection.ids };
    case "parked":
      return { parked: true };
    case "since":
      return { since: selection.since.toISOString() };
  }
}
