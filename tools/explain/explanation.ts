// Everything there is to say about one purchase, as facts. Pure.

import type { Policy } from "../../functions/stripe-cryptlex/policy.ts";
import { knownUser } from "../../functions/stripe-cryptlex/known_user.ts";
import { merge, nothing } from "../../functions/stripe-cryptlex/purchase.ts";
import type { Detail, LedgerNow, MadeCall, ToldEvent } from "./explain_door.ts";
import { type KnownFacts, knownFacts } from "./known_facts.ts";
import { type LicenseFacts, licenseFacts } from "./license_facts.ts";
import { type ShouldBe, shouldBe } from "./should_be.ts";
import { type Verdict, verdictOf } from "./verdict.ts";

/** The newest, in the order of time, and how many there are. */
type Some<T> = { readonly total: number; readonly rows: readonly T[] };

/** What a purchase waits for, as the ledger has it. Past times are over. */
export type Due = {
  /** Unfinished attempts in a row, and why the last one did not finish. */
  readonly attempts: number;
  readonly lastError: string | null;
  readonly nextAttemptAt: Date | null;
  /** A call to Cryptlex may still land until then. */
  readonly notBefore: Date | null;
  /** Somebody works on it; past: whoever did is gone. */
  readonly leaseUntil: Date | null;
  /** One look at what a call without an answer may have left. */
  readonly lookAgainAt: Date | null;
  /** Cryptlex is read before any call. */
  readonly mustRead: boolean;
};

export type Facts = {
  readonly purchaseId: string;
  /** Lesser ids it was a purchase by. */
  readonly joinedIds: readonly string[];
  readonly customerId: string | null;
  /** In Cryptlex, as far as is known. */
  readonly userId: string | null;
  readonly createdAt: Date;
  readonly known: KnownFacts;
  readonly events: Some<ToldEvent>;
  readonly licenses: readonly LicenseFacts[];
  readonly shouldBe: ShouldBe;
  /** To Cryptlex. */
  readonly calls: Some<MadeCall>;
  readonly due: Due;
};

export type Explanation = Facts & { readonly verdict: Verdict };

/** The facts of a purchase by what the ledger knows, the policy, and what comes of them. */
export function explain(
  detail: Detail,
  { policy, ledger }: { policy: Policy; ledger: LedgerNow },
): Explanation {
  const { claim } = detail;
  const purchase = claim.states.reduce(merge, nothing);
  const facts: Facts = {
    purchaseId: claim.purchaseId,
    joinedIds: claim.joinedIds,
    customerId: detail.customerId,
    userId: knownUser(claim, claim.licenses),
    createdAt: detail.createdAt,
    known: knownFacts(purchase),
    events: detail.events,
    licenses: claim.licenses.map((license) => licenseFacts(license, ledger.now)),
    shouldBe: shouldBe(claim, { purchase, licenses: claim.licenses }, policy),
    calls: detail.actions,
    due: {
      attempts: detail.attempts,
      lastError: detail.lastError,
      nextAttemptAt: detail.nextAttemptAt,
      notBefore: detail.notBefore,
      leaseUntil: detail.leaseUntil,
      lookAgainAt: detail.lookAgainAt,
      mustRead: claim.mustRead,
    },
  };
  // Without a plan of any kind the setting maps; here it may not be set as the function has it.
  const mayMapElsewhere = policy.cryptlexProductId === null && !claim.hasPlans;
  return { ...facts, verdict: verdictOf(facts, { ledger, mayMapElsewhere }) };
}
