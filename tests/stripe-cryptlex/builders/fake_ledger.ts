// A ledger in memory: hands out the claims the test prepared, and keeps what it was told.

import { createHash } from "node:crypto";
import type { Claim } from "../../../functions/stripe-cryptlex/claim.ts";
import type {
  ClaimDueOptions,
  Due,
  Ledger,
  RecordedEvent,
  Settlement,
} from "../../../functions/stripe-cryptlex/ledger.ts";

/** What the fake database's own schedule calls drain with. */
export const databaseSecret = "the-fake-database-s-own-secret";

export type FakeLedger = Ledger & {
  readonly recorded: RecordedEvent[];
  readonly settled: { readonly claim: Claim; readonly done: Settlement }[];
  /** How often, and how, it was asked for what is due. */
  readonly askedForDue: ClaimDueOptions[];
  /** Claims and payloads that are due, the next one first. */
  readonly due: Partial<Due>[];
  /** The URLs it was told. */
  readonly announced: (string | null)[];
};

/** Any door may be replaced. */
export function createFakeLedger(doors: Partial<Ledger> = {}): FakeLedger {
  const recorded: RecordedEvent[] = [];
  const settled: FakeLedger["settled"] = [];
  const askedForDue: FakeLedger["askedForDue"] = [];
  const due: FakeLedger["due"] = [];
  const announced: FakeLedger["announced"] = [];
  return {
    recorded,
    settled,
    askedForDue,
    due,
    announced,
    record(event) {
      recorded.push(event);
      return Promise.resolve({ duplicate: false, claim: null, left: null });
    },
    claimFresh: () => Promise.resolve(null),
    claimDue(options) {
      askedForDue.push(structuredClone(options));
      const { claim = null, waitSeconds = null, unread = null } = due.shift() ?? {};
      return Promise.resolve({ claim, waitSeconds, unread });
    },
    settle(claim, done) {
      settled.push({ claim, done });
      return Promise.resolve({ settled: true, claim: null, refused: null });
    },
    health: () =>
      Promise.resolve({
        pending: 2,
        oldest_pending: "2026-11-02T10:00:00Z",
        retrying: 1,
        held: 0,
        parked: 1,
        paused_until: null,
        token_refused_since: null,
        stripe_refused_since: null,
        stripe_not_found_since: null,
      }),
    announce(functionUrl) {
      announced.push(functionUrl);
      return Promise.resolve(createHash("sha256").update(databaseSecret).digest("hex"));
    },
    claimAlert: () => Promise.resolve(null),
    settleAlert: () => Promise.resolve(),
    claimKeys: () => Promise.resolve({ state: "unknown" }),
    settleKeys: () => Promise.resolve(),
    ...doors,
  };
}
