// What a claimed purchase calls for, given what is known of Cryptlex: decide -> steps. Pure.

import type { Claim } from "./claim.ts";
import { decide, type Decision } from "./decide.ts";
import type { KnownLicense } from "./known_license.ts";
import { knownUser, noAddress } from "./known_user.ts";
import { rehearsalOf } from "./outcome.ts";
import type { Policy } from "./policy.ts";
import type { Purchase } from "./purchase.ts";
import { type NextSteps, planSteps } from "./steps.ts";

/** What is known of a claimed purchase: what Stripe said, merged, and its licenses. */
export type Known = { readonly purchase: Purchase; readonly licenses: readonly KnownLicense[] };

/** What should be, the steps there, and what to tell people besides. */
export function planPurchase(
  claim: Claim,
  { purchase, licenses }: Known,
  policy: Policy,
): NextSteps & { readonly decision: Decision } {
  const decision = decide(purchase, {
    purchaseId: claim.purchaseId,
    catalog: { plans: claim.plans, hasPlans: claim.hasPlans, productId: policy.cryptlexProductId },
    policy,
    known: licenses,
    hasUser: claim.customer !== null,
  });
  if (decision.kind !== "licenses") return { decision, steps: [], reports: [] };
  const { standing } = decision;
  const { steps, reports } = planSteps(decision.desired, {
    known: licenses,
    standing,
    // A renewal may have happened unheard when the purchase is to be read first.
    mayRenew: !claim.mustRead,
    undoesRenewal: claim.looksAgain,
  });
  const isAboutRefunds = claim.events.some(({ eventType }) => eventType.includes("refund"));
  const ofMoney = isAboutRefunds ? standing.reports : [];
  return { decision, steps, reports: [...ofMoney, ...decision.reports, ...reports] };
}

/** The same, knowing that without an e-mail address no user, and so no license, can be made. */
export function foreseePlan(
  claim: Claim,
  known: Known,
  policy: Policy,
): NextSteps & { readonly decision: Decision } {
  const { decision, ...next } = planPurchase(claim, known, policy);
  const needsUser = decision.kind === "user" || next.steps.some(({ kind }) => kind === "create");
  const lacksUser = needsUser && knownUser(claim, known.licenses) === null &&
    known.purchase.email === null;
  return {
    ...next,
    decision: lacksUser ? { kind: "parked", reason: noAddress(known.purchase) } : decision,
  };
}

/** What would be done, in a line for people. Cryptlex was not asked. */
export function rehearse(claim: Claim, known: Known, policy: Policy): string {
  const { decision, ...next } = foreseePlan(claim, known, policy);
  return rehearsalOf(decision, next);
}
