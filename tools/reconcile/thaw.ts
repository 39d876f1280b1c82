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

/** What somebody did to a license in Cryptlex so that it cannot be used. */
export type Stopped = { readonly licenseId: string; readonly how: string };

/**
 * Those that mapping anew would reach and somebody stopped by hand: another product's license in their
 * place would be valid.
 */
export function stoppedByHand(licenses: readonly KnownLicense[]): Stopped[] {
  return licenses.filter((license) => thawed(license) !== license && license.endedAt === null)
    .flatMap(({ licenseId, goneAt, seen, wrote }) => {
      if (goneAt !== null) return [{ licenseId, how: "deleted" }];
      if (seen.revoked && !wrote.revoked) return [{ licenseId, how: "revoked" }];
      return seen.suspended && !wrote.suspended ? [{ licenseId, how: "suspended" }] : [];
    });
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
