// The answer: why there is no license, or that there is one, and what to do. Pure.

import { absentVerdict } from "./absent_verdict.ts";
import type { LedgerNow } from "./explain_door.ts";
import type { Facts } from "./explanation.ts";
import { isDueText } from "./facts_words.ts";
import { presentVerdict } from "./present_verdict.ts";
import { troubleVerdict } from "./trouble_verdict.ts";

/** In a word, and in a sentence or two for people. */
export type Verdict = {
  readonly kind:
    | "licensed"
    // What was told is not settled.
    | "parked"
    | "rehearsed"
    | "in work"
    | "token refused"
    | "Stripe key refused"
    | "retrying"
    | "waiting"
    // It is, and there is no license.
    | "unpaid"
    | "unmapped"
    | "waits for Stripe"
    | "none is made"
    | "due"
    // There is one, and it does not work.
    | "revoked"
    | "suspended"
    | "changed by hand"
    | "ran out"
    | "deleted by hand"
    | "ended"
    // It is no purchase.
    | "customer"
    | "of no purchase"
    | "unknown";
  readonly text: string;
};

export type VerdictContext = {
  readonly ledger: LedgerNow;
  /** The function may have a setting that maps what is mapped by nothing here. */
  readonly mayMapElsewhere: boolean;
};

/** What keeps a license from being made comes first; one that is there goes before all else. */
export function verdictOf(facts: Facts, context: VerdictContext): Verdict {
  const trouble = troubleVerdict(facts, context.ledger);
  const there = presentVerdict(facts);
  if (there === null) return trouble ?? absentVerdict(facts, context);
  const rest = trouble?.text ?? (facts.shouldBe.isDue ? `But it ${isDueText(facts)}` : null);
  return rest === null ? there : { ...there, text: `${there.text} ${rest}` };
}
