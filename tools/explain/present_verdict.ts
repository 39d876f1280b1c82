// The license that is there, as well as it stands. Pure.

import type { Facts } from "./explanation.ts";
import { named, untilOf } from "./facts_words.ts";
import type { LicenseFacts } from "./license_facts.ts";
import type { Verdict } from "./verdict.ts";
import { counted } from "./words.ts";

/** Null: there is none. */
export function presentVerdict(facts: Facts): Verdict | null {
  const living = facts.licenses.filter(({ endedAt, goneAt }) =>
    endedAt === null && goneAt === null
  );
  const working = living.filter(({ condition }) => condition === "works");
  const [first] = working;
  if (first !== undefined) {
    const among = living.length === 1
      ? ""
      : ` ${working.length} of ${counted(living.length, "license")} ` +
        `${working.length === 1 ? "works" : "work"}.`;
    return { kind: "licensed", text: `Licensed: ${named(first)}, ${untilOf(first)}.${among}` };
  }
  return living[0] === undefined ? null : brokenVerdict(living[0], facts);
}

function brokenVerdict(license: LicenseFacts, { shouldBe, known }: Facts): Verdict {
  const { condition, byHand } = license;
  const isRevoked = condition === "revoked";
  const reasons = isRevoked ? shouldBe.revokes : [...shouldBe.revokes, ...shouldBe.suspends];
  if (condition === "ran out") {
    const status = known.status === null ? "" : `; Stripe shows the subscription ${known.status}`;
    return {
      kind: "ran out",
      text: `Ran out: ${named(license)}, ${untilOf(license)}. Nothing was paid since${status}. ` +
        "With the next paid invoice it works again.",
    };
  }
  const what = isRevoked ? "Revoked" : "Suspended";
  if (reasons.length === 0 && byHand) {
    return {
      kind: "changed by hand",
      text: `${what} in Cryptlex by somebody else: ${named(license)}. It stays so until it is ` +
        "undone there.",
    };
  }
  const why = reasons.length === 0 ? "and nothing stands against it any more" : reasons.join(", ");
  const then = reasons.length === 0
    ? ""
    : isRevoked
    ? " Only a new purchase makes a new one."
    : " When that is over it works again, with its key.";
  return {
    kind: isRevoked ? "revoked" : "suspended",
    text: `${what}: ${named(license)}, ${why}.${then}`,
  };
}
