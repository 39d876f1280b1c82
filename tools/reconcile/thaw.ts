// A frozen mapping made anew: what the ledger writes for `--remap`, thought. Pure.

import type { Claim } from "../../functions/stripe-cryptlex/claim.ts";
import type { KnownLicense } from "../../functions/stripe-cryptlex/known_license.ts";
import { type Known, planPurchase } from "../../functions/stripe-cryptlex/plan_purchase.ts";
import type { Policy } from "../../functions/stripe-cryptlex/policy.ts";

/** The license as if the price on its line had changed; the ledger's reconcile_purchase does the same. */
export function thawed(license: KnownLicense): KnownLicense {
  return license.origin === "created" && license.stripePriceId !== null
    ? { ...license, stripePriceId: "remap" }
    : license;
}

/** Whether mapping it anew would come to another license, other terms or another meaning of seats. */
export function mapsOtherwise(claim: Claim, known: Known, policy: Policy): boolean {
  const mapping = (licenses: readonly KnownLicense[]) => {
    const { decision } = planPurchase(claim, { ...known, licenses }, policy);
    if (decision.kind !== "licenses") return "";
    return JSON.stringify(decision.desired.map(({ slot, terms, seats }) => [slot, terms, seats]));
  };
  return mapping(known.licenses) !== mapping(known.licenses.map(thawed));
}
