// What the ledger is asked and told, in the domain's words. Does nothing.

import type { Alert } from "./alert.ts";
import type { Claim, CustomerLink } from "./claim.ts";
import type { CallRecord } from "./cryptlex_caller.ts";
import type { KnownLicense } from "./known_license.ts";
import type { Purchase } from "./purchase.ts";
import type { EventHead, Reading } from "./read_event.ts";

/** The database did not do it, or did not answer. `code`: its SQLSTATE or PostgREST's, if any. */
export class LedgerError extends Error {
  override readonly name = "LedgerError";
  readonly retryable = true;

  constructor(door: string, readonly code: string | null, options?: ErrorOptions) {
    super(`Cannot ${door}: the database answered ${code ?? "nothing"}`, options);
  }

  /** It will never store this: SQLSTATE classes 22 (data), 23 (constraints) and 54 (its limits). */
  get refusesData(): boolean {
    return /^(2[23]|54)/.test(this.code ?? "");
  }
}

/** What became of one claimed event. `lastError` null: nothing is wrong. */
export type EventOutcome = {
  readonly eventId: string;
  readonly status: "pending" | "applied" | "ignored" | "parked";
  readonly outcome: string | null;
  readonly lastError: string | null;
};

/** All that a convergence did, to be written down at once. Durations in seconds, null: none. */
export type Settlement = {
  readonly state: Purchase;
  readonly events: readonly EventOutcome[];
  readonly licenses: readonly KnownLicense[];
  /** A null name leaves the one that is known. */
  readonly customers: readonly Omit<CustomerLink, "isShared">[];
  readonly actions: readonly CallRecord[];
  /** Null: it is finished; else when to try again. */
  readonly retrySeconds: number | null;
  /** Nobody touches the purchase for so long. */
  readonly quietSeconds: number | null;
  /** No worker calls Cryptlex for so long. */
  readonly pauseSeconds: number | null;
  readonly mustRead: boolean;
  /** When to look for what an unheard call left behind. */
  readonly lookAgainSeconds: number | null;
  readonly lastError: string | null;
  /** Other ids of the purchase that Stripe told: what they prove to be the same one is joined. */
  readonly stripeIds: readonly string[];
  readonly stripeRead: StripeRead | null;
};

/**
 * What came of reading Stripe. `not_found`: it does not know what its own event told of, so that the
 * key is of another account or mode; `refused`: it does not take the key, or not for this.
 */
export type StripeRead = "found" | "not_found" | "refused";

/** What Cryptlex allows: so many calls in so many seconds. */
export type CallRate = { readonly calls: number; readonly seconds: number };

/** An event that was written down. `left`: its purchase, which was not to be claimed; null: none is due. */
export type Recorded = {
  readonly duplicate: boolean;
  readonly claim: Claim | null;
  readonly left: string | null;
};

/** How much waits, since when, and how much needs a person. */
export type LedgerHealth = {
  readonly pending: number;
  readonly oldest_pending: string | null;
  readonly retrying: number;
  readonly held: number;
  readonly parked: number;
  readonly paused_until: string | null;
  /** Since when Cryptlex refuses the access token; null: it does not. */
  readonly token_refused_since: string | null;
  /** Since when Stripe refuses `STRIPE_SECRET_KEY`, or what it may not read; null: it does not. */
  readonly stripe_refused_since: string | null;
  /** Since when Stripe does not know what its own events told of; null: it does. */
  readonly stripe_not_found_since: string | null;
};

/** Where everything is written down. */
export type Ledger = {
  /** Writes an event down, and claims its purchase if that is free, unless `claims` is false. */
  record(event: RecordedEvent, options?: { claims: boolean }): Promise<Recorded>;
  /** That purchase, of which an event has just come; null: another has it, or Cryptlex may not be called. */
  claimFresh(purchaseId: string): Promise<Claim | null>;
  /** The purchase that has waited longest. */
  claimDue(options: ClaimDueOptions): Promise<Due>;
  /**
   * Frees the purchase; `settled` false: another worker has it, and nothing was changed. The claim
   * is the same purchase's, when there is news of it, or that of one due: as `takes` allows.
   * `refused`: why the ledger will never write this down; nothing was changed.
   */
  settle(
    claim: Claim,
    done: Settlement,
    options?: { takes: Takes },
  ): Promise<Settled>;
  health(): Promise<LedgerHealth>;
  /**
   * Says where this function is and by which policy it decides, null where it cannot know. Returns the SHA-256, in hex, of the secret
   * with which the database's own schedule calls drain.
   */
  announce(functionUrl: string | null): Promise<string>;
  /** What people are to be told, handed to one worker at a time; null: nothing, or not now. */
  claimAlert(): Promise<Alert | null>;
  /** Notes that an alert arrived: what it told of is not told again. */
  settleAlert(alert: Alert): Promise<void>;
  /** Which licenses of a checkout session may be shown to its buyer now. */
  claimKeys(sessionId: string): Promise<KeyClaim>;
  /** Notes that Cryptlex refused to show them. */
  settleKeys(claim: KeyClaim & { state: "ready" }, refused: KeyRefusal): Promise<void>;
};

/**
 * What a checkout session sold. `unknown`: nothing that may be shown; `making`: ask again after so
 * many seconds; `ready`: these licenses, and Cryptlex may be called for them.
 */
export type KeyClaim =
  | { readonly state: "unknown" }
  | { readonly state: "making"; readonly retrySeconds: number }
  | { readonly state: "ready"; readonly licenseIds: readonly string[]; readonly charged: unknown };

/** How Cryptlex refused to show licenses: its status, and for how long no worker calls it. */
export type KeyRefusal = { readonly status: number; readonly pauseSeconds: number | null };

/** What a worker takes up with its settlement: nothing, what is new of its purchase, or else others. */
export type Takes = "nothing" | "news" | "others";

/** What became of a settlement. */
export type Settled = {
  readonly settled: boolean;
  readonly claim: Claim | null;
  readonly refused: string | null;
};

/** What is due. */
export type Due = {
  readonly claim: Claim | null;
  /** Seconds until Cryptlex may be called for one that is due; null: none waits for that. */
  readonly waitSeconds: number | null;
  /** The payload, verified when it was recorded, of an event to be read again. */
  readonly unread: unknown;
};

/** Which of the due purchases to claim. */
export type ClaimDueOptions = {
  /** Also what waits for its back-off; never what must stay quiet. */
  readonly ignoreBackoff: boolean;
  /** Purchases not to be claimed, and events not to be read again. */
  readonly except?: readonly string[];
};

/** An event to be recorded, and what it says. */
export type RecordedEvent = {
  readonly head: EventHead;
  readonly reading: Reading;
  readonly payload: unknown;
};
