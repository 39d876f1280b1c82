// One rehearsed purchase against the licenses it has: what would be done, and how much that differs. Pure.

import type { Claim } from "../../functions/stripe-cryptlex/claim.ts";
import type { DesiredLicense } from "../../functions/stripe-cryptlex/decide.ts";
import { isLiving, type KnownLicense } from "../../functions/stripe-cryptlex/known_license.ts";
import { planFields } from "../../functions/stripe-cryptlex/license_fields.ts";
import { neededRead } from "../../functions/stripe-cryptlex/needed_read.ts";
import { rehearsalOf } from "../../functions/stripe-cryptlex/outcome.ts";
import { foreseePlan, type Known } from "../../functions/stripe-cryptlex/plan_purchase.ts";
import type { Policy } from "../../functions/stripe-cryptlex/policy.ts";
import { holdersOf, type Step } from "../../functions/stripe-cryptlex/steps.ts";
import { allKinds, type Difference, type Kind } from "./difference.ts";

const hourMs = 60 * 60 * 1000;
const dayMs = 24 * hourMs;

/** `known.licenses`: as they are in Cryptlex now. `hasStripeKey`: the function will ask Stripe. */
export function compare(
  claim: Claim,
  known: Known,
  { policy, hasStripeKey }: { policy: Policy; hasStripeKey: boolean },
): Difference {
  const { purchaseId, events, licenses } = claim;
  const plan = foreseePlan(claim, known, policy);
  // Whom Stripe gave no address has none there either.
  const isUnnamed = plan.decision.kind === "parked" && known.purchase.email === null;
  const asksFirst = hasStripeKey && !isUnnamed &&
    neededRead(known.purchase, { purchaseId, events, licenses }) !== null;
  const found = kindsOf(plan, { known: known.licenses, asksFirst, policy });
  const [first = "agrees", ...more] = allKinds.filter((kind) => found.includes(kind));
  return {
    purchaseId,
    kinds: [first, ...more],
    wouldDo: rehearsalOf(plan.decision, plan),
    licenseIds: known.licenses.filter(({ goneAt }) => goneAt === null).map((one) => one.licenseId),
  };
}

type Plan = ReturnType<typeof foreseePlan>;

function kindsOf(
  { decision, steps }: Plan,
  { known, asksFirst, policy }: {
    known: readonly KnownLicense[];
    asksFirst: boolean;
    policy: Policy;
  },
): Kind[] {
  const valid = known.filter((one) => isLiving(one) && !one.seen.revoked);
  switch (decision.kind) {
    case "user":
      return ["customer"];
    case "parked":
      return [asksFirst ? "asks" : "parked"];
    case "nothing":
      if (asksFirst) return ["asks"];
      if (decision.status === "ignored") return ["unmapped"];
      return [valid.length === 0 ? "nothing" : "unpaid"];
    case "licenses": {
      const found = [
        ...steps.flatMap((step) => kindsOfStep(step, { valid, policy })),
        ...decision.desired.flatMap((wanted) => kindsOfSlot(wanted, known)),
      ];
      if (found.length > 0) return found;
      return [valid.length === 0 ? "nothing" : "agrees"];
    }
  }
}

function kindsOfStep(
  step: Step,
  { valid, policy }: {
    valid: readonly KnownLicense[];
    policy: Policy;
  },
): Kind[] {
  switch (step.kind) {
    case "create":
      return [valid.length === 0 ? "missing" : "more"];
    case "end":
      return ["ends"];
    case "set_interval":
      return ["changes"];
    case "put_back":
      return ["date"];
    case "expiry": {
      const before = step.license.expiresAt?.getTime();
      const graceMs = policy.renewalGraceDays * dayMs + hourMs;
      const isGrace = before !== undefined &&
        Math.abs(step.step.expiresAt.getTime() - before) <= graceMs;
      return [isGrace ? "grace" : "date"];
    }
    case "set_fields": {
      const { revoked, suspended, ...others } = planFields(step.license, step.wanted).patch;
      return [
        ...(revoked ? ["ends" as const] : []),
        ...(suspended ? ["suspends" as const] : []),
        ...(revoked === false || suspended === false ? ["restores" as const] : []),
        ...(Object.keys(others).length > 0 ? ["changes" as const] : []),
      ];
    }
  }
}

/** What is to be seen of the licenses in a slot although nothing would be done about it. */
function kindsOfSlot(
  wanted: DesiredLicense,
  known: readonly KnownLicense[],
): Kind[] {
  const { expiresAt, fields } = wanted;
  const holders = holdersOf(wanted, known);
  const valid = holders.filter((one) => !one.seen.revoked);
  const isKept = holders.length > 0 && !fields.revoked && !fields.suspended &&
    !valid.some((one) => !one.seen.suspended);
  const isLonger = expiresAt !== null && !fields.revoked && valid.some((one) =>
    one.perpetual ||
    (one.expiresAt !== null && one.expiresAt.getTime() > expiresAt.getTime() + dayMs)
  );
  return [
    ...(valid.length > 1 ? ["double" as const] : []),
    ...(isKept ? ["kept" as const] : []),
    ...(isLonger ? ["longer" as const] : []),
  ];
}
