// The story of a replay: find the events, tell how many, then replay them or say what would be.

import { rehearse } from "../../functions/stripe-cryptlex/plan_purchase.ts";
import { merge, nothing } from "../../functions/stripe-cryptlex/purchase.ts";
import { doorClient } from "../operator/call_doors.ts";
import type { OperatorTarget } from "../operator/find_target.ts";
import { withProgress } from "../operator/progress.ts";
import { textWidth } from "../terminal.ts";
import type { Selection } from "./read_selection.ts";
import { allPages, createReplayDoors, type ReplayDoors, type ReplayPage } from "./replay_doors.ts";
import { showCount, showPage, showPreview, showSchedule, showWorkedOff } from "./show_replay.ts";
import { workOff } from "./work_off.ts";

export type ReplayOptions = {
  readonly target: OperatorTarget;
  readonly dryRun: boolean;
  /** However many there are. */
  readonly yes: boolean;
};

/** More than this are replayed only when it was said that so many are meant. */
export const mostUnasked = 500;

/** Their states come whole: so many at a time. */
const previewsACall = 100;

/**
 * Replays the events, or says what that would come to. Returns whether every id was found.
 *
 * @throws {Error} there are more than `mostUnasked` without `yes`, or the database does not do it.
 */
export async function runReplay(selection: Selection, options: ReplayOptions): Promise<boolean> {
  const { target, dryRun } = options;
  const doors = createReplayDoors(doorClient(target));
  const first = await doors.find(selection);
  showCount(first.total, target);
  if (dryRun) {
    await preview(first, { doors, target });
  } else {
    await replay(selection, { ...options, doors, total: first.total });
  }
  return first.notFound.length === 0;
}

async function preview(
  page: ReplayPage,
  { doors, target: { policy } }: { doors: ReplayDoors; target: OperatorTarget },
): Promise<void> {
  showPage(page, { dryRun: true });
  const replayed = page.events.filter(({ result }) => result === "replayed");
  const purchases = [...new Set(replayed.flatMap(({ purchaseId }) => purchaseId ?? []))];
  const lines: [string, string][] = [];
  await withProgress("Deciding anew", purchases.length, async (advance) => {
    for (let begun = 0; begun < purchases.length; begun += previewsACall) {
      const claims = await doors.preview(purchases.slice(begun, begun + previewsACall));
      for (const claim of claims) {
        const known = { purchase: claim.states.reduce(merge, nothing), licenses: claim.licenses };
        lines.push([claim.purchaseId, rehearse(claim, known, policy)]);
      }
      advance(previewsACall);
    }
  });
  showPreview(lines, { policy, more: page.total - page.events.length, width: textWidth() });
}

async function replay(
  selection: Selection,
  { doors, target: { stack }, yes, total }: ReplayOptions & { doors: ReplayDoors; total: number },
): Promise<void> {
  if (total > mostUnasked && !yes) {
    throw new Error(
      `Cannot replay more than ${mostUnasked} events without --yes, as each purchase of them is ` +
        "read in Cryptlex: nothing was changed",
    );
  }
  const replayed: string[] = [];
  for await (const page of allPages((after) => doors.replay(selection, after))) {
    showPage(page, { dryRun: false });
    for (const { eventId, result } of page.events) {
      if (result === "replayed") replayed.push(eventId);
    }
  }
  if (replayed.length === 0) return;
  if (stack === null) showSchedule();
  else showWorkedOff(await workOff(replayed, { doors, stack }), stack);
}
