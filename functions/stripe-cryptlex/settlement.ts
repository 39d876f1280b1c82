// What a convergence did -> what the ledger writes down. Pure.

import type { Claim, ClaimedEvent } from "./claim.ts";
import type { CallRecord } from "./cryptlex_caller.ts";
import type { KnownLicense } from "./known_license.ts";
import type { EventOutcome, Settlement } from "./ledger.ts";
import { merge, nothing, type Purchase } from "./purchase.ts";
import type { Trouble } from "./trouble.ts";

/** A Stripe customer and its user, found or made. */
export type NewCustomerLink = Settlement["customers"][number];

/** What is known and done so far. Filled as the work goes on, so that an error loses none of it. */
export type Work = {
  purchase: Purchase;
  /** By license id, as known now. */
  readonly licenses: Map<string, KnownLicense>;
  readonly customers: NewCustomerLink[];
  /** What was done, each a clause for people. */
  readonly outcomes: string[];
  readonly calls: CallRecord[];
  /** Other ids of it that Stripe was asked for. */
  readonly stripeIds: string[];
  stripeRead: Settlement["stripeRead"];
  /** Cryptlex was read before anything else. */
  hasRead: boolean;
  /** Whether the license was read, or written, in this attempt or the part right before it. */
  readonly isFresh: (licenseId: string) => boolean;
  /** Those read, or written, in this attempt alone. */
  readonly seenNow: () => ReadonlySet<string>;
};

/** Work on a claim, with nothing done yet but that these licenses were just looked at. */
export function beginWork(claim: Claim, seen: ReadonlySet<string> = new Set()): Work {
  const work: Work = {
    purchase: claim.states.reduce(merge, nothing),
    licenses: new Map(claim.licenses.map((license) => [license.licenseId, license])),
    customers: [],
    outcomes: [],
    calls: [],
    stripeIds: [],
    stripeRead: null,
    hasRead: false,
    isFresh: (licenseId) => seen.has(licenseId) || isSeenNow(licenseId),
    seenNow: () => new Set([...work.licenses.keys()].filter(isSeenNow)),
  };
  const isSeenNow = (licenseId: string) =>
    work.hasRead ||
    work.calls.some((call) => call.licenseId === licenseId && call.error === null);
  return work;
}

/** How it ended. */
export type Ending =
  | { readonly kind: "done"; readonly status: "applied" | "ignored"; readonly outcome: string }
  | { readonly kind: "rehearsed"; readonly outcome: string }
  | { readonly kind: "trouble"; readonly trouble: Trouble };

const hourSeconds = 60 * 60;

/** Everything to be written down at once. */
export function settlementOf(
  claim: Claim,
  { work, ending }: { work: Work; ending: Ending },
): Settlement {
  const trouble = ending.kind === "trouble" ? ending.trouble : null;
  return {
    state: work.purchase,
    events: claim.events.map((event) => eventOutcome(event, { work, ending })),
    licenses: [...work.licenses.values()],
    customers: work.customers,
    actions: work.calls,
    retrySeconds: trouble?.retrySeconds ?? null,
    quietSeconds: trouble?.quietSeconds ?? null,
    pauseSeconds: trouble?.pauseSeconds ?? null,
    // What called for reading is answered by having read and come through; a rehearsal calls for it.
    mustRead: ending.kind === "rehearsed" || trouble?.mustRead ||
      (claim.mustRead && (trouble !== null || !work.hasRead)),
    lookAgainSeconds: lookAgainSeconds(claim, { trouble, hasRead: work.hasRead }),
    lastError: trouble === null ? null : errorOf(trouble),
    stripeIds: work.stripeIds,
    stripeRead: work.stripeRead,
  };
}

/** Going on at once with the next part is no error. */
function errorOf({ message, retrySeconds }: Trouble): string | null {
  return retrySeconds === 0 ? null : message;
}

/** After an unheard call in an hour; a look that failed, as soon as anything is tried again. */
function lookAgainSeconds(
  claim: Claim,
  { trouble, hasRead }: { trouble: Trouble | null; hasRead: boolean },
): number | null {
  // What waits for a person was looked at: it would come to the same every hour.
  if (trouble === null || (trouble.retrySeconds === null && hasRead)) return null;
  if (trouble.quietSeconds !== null) return hourSeconds;
  return claim.looksAgain ? trouble.retrySeconds ?? hourSeconds : null;
}

/**
 * What to write down of a settlement the ledger refuses to store: that a person is needed, and that
 * whoever comes next has to read what was done.
 */
export function parkedInstead(settlement: Settlement, reason: string): Settlement {
  const parked = (event: EventOutcome): EventOutcome => ({
    ...event,
    status: "parked",
    lastError: reason,
  });
  return {
    ...settlement,
    events: settlement.events.map(parked),
    licenses: [],
    customers: [],
    retrySeconds: null,
    mustRead: true,
    lastError: reason,
  };
}

function eventOutcome(
  event: ClaimedEvent,
  { work, ending }: { work: Work; ending: Ending },
): EventOutcome {
  const { eventId } = event;
  switch (ending.kind) {
    case "done":
      return { eventId, status: ending.status, outcome: ending.outcome, lastError: null };
    case "rehearsed":
      return { eventId, status: event.status, outcome: ending.outcome, lastError: null };
    case "trouble": {
      const { retrySeconds } = ending.trouble;
      return {
        eventId,
        // A parked event waits for the next success; retrying is the pending ones' business.
        status: retrySeconds === null ? "parked" : event.status,
        outcome: work.outcomes.join("; ") || null,
        lastError: errorOf(ending.trouble),
      };
    }
  }
}
