// Has the development stack's function work off what was replayed, as its schedule would.

import { delay } from "../../functions/stripe-cryptlex/delay.ts";
import { callDrain } from "../dev/drain_schedule.ts";
import type { RunningStack } from "../dev/running_stack.ts";
import { allPages, type ReplayDoors } from "./replay_doors.ts";

/** The stack's own schedule may be at the same purchase: waited for so often, so long each time. */
const mostWaits = 10;
const waitMs = 200;

/**
 * Drains until none of the events is pending, or nothing more comes of it. Returns how many have
 * which status then; null: the function does not answer.
 */
export async function workOff(
  ids: readonly string[],
  { doors, stack }: { doors: ReplayDoors; stack: RunningStack },
): Promise<Record<string, number> | null> {
  for (let waits = 0;;) {
    const tally = await callDrain({ webhookUrl: stack.webhookUrl, secret: stack.drainSecret });
    if (tally === null) return null;
    const statuses = await countStatuses(ids, doors);
    if (statuses.pending === undefined || waits === mostWaits) return statuses;
    if (tally.settled + tally.retrying + tally.parked > 0) continue;
    waits++;
    await delay(waitMs);
  }
}

async function countStatuses(
  ids: readonly string[],
  doors: ReplayDoors,
): Promise<Record<string, number>> {
  const statuses: Record<string, number> = {};
  for await (const { events } of allPages((after) => doors.find({ kind: "ids", ids }, after))) {
    for (const { status } of events) statuses[status] = (statuses[status] ?? 0) + 1;
  }
  return statuses;
}
