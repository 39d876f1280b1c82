// What happens next of itself, and when. Pure.

import type { LedgerNow } from "./explain_door.ts";
import type { Facts } from "./explanation.ts";
import { counted, second } from "./words.ts";

/** A clause for everything that is due, or keeps it from being done; never empty. */
export function dueWords(
  { due, events }: Pick<Facts, "due" | "events">,
  { now, pausedUntil }: LedgerNow,
): string[] {
  const isAhead = (at: Date | null): at is Date => at !== null && at > now;
  const unsettled = events.rows.filter(({ status }) => status === "pending" || status === "parked");
  const pending = unsettled.filter(({ status }) => status === "pending");
  const isWaiting = pending.some(({ held }) => !held);
  const { leaseUntil, notBefore, nextAttemptAt, lookAgainAt } = due;

  const clauses = [
    isAhead(leaseUntil) && `somebody works on it, with a lease until ${second(leaseUntil)}`,
    leaseUntil !== null && !isAhead(leaseUntil) &&
    `whoever worked on it until ${second(leaseUntil)} is gone: the next drain takes over`,
    isAhead(notBefore) &&
    `quiet until ${second(notBefore)}: a call without an answer may still land in Cryptlex`,
    isWaiting && isAhead(pausedUntil) &&
    `no call to Cryptlex until ${second(pausedUntil)}: it takes no more`,
    isWaiting && isAhead(nextAttemptAt) &&
    `tried again at ${second(nextAttemptAt)}, after ${counted(due.attempts, "attempt")}, or at ` +
      "once when something new comes",
    lookAgainAt !== null &&
    `at ${second(lookAgainAt)} one look at what a call without an answer may have left`,
  ].filter((clause) => clause !== false);
  const isHeld = pending.length > 0 && !isWaiting;
  if (isHeld) clauses.push("held by a rehearsal, until RECORD_ONLY is off");
  if (isWaiting && clauses.length === 0) clauses.push("the next delivery or drain takes it up");
  if (clauses.length === 0) {
    clauses.push(
      unsettled.length > 0
        ? "nothing of itself: it needs a person"
        : "nothing, until Stripe tells of something new",
    );
  }
  if (due.mustRead) clauses.push("Cryptlex is read before any call");
  return clauses;
}
