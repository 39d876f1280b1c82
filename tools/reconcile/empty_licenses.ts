// Licenses to which Cryptlex's script gave no subscription's id but a word for none: whose they are can
// only be guessed, by buyer and product, and is for a person to say. Pure.

import type { Purchase } from "../../functions/stripe-cryptlex/purchase.ts";
import type { Step } from "../../functions/stripe-cryptlex/steps.ts";
import type { Finding } from "./finding.ts";
import type { ListedLicense } from "../operator/listed_license.ts";

/** Those that may be what this purchase lacks: of the same buyer and product. */
export function candidatesFor(
  purchase: Purchase,
  steps: readonly Step[],
  empties: readonly ListedLicense[],
): ListedLicense[] {
  const email = purchase.email?.value.trim().toLowerCase();
  const products = steps.flatMap((step) =>
    step.kind === "create" ? [step.desired.terms.productId] : []
  );
  return email === undefined
    ? []
    : empties.filter((license) =>
      !license.fields.revoked && license.email === email && products.includes(license.productId)
    );
}

/** What is told of each, given the purchases it may belong to. */
export function emptyFinding(license: ListedLicense, purchaseIds: readonly string[]): Finding {
  const [only] = purchaseIds;
  const proposal = only === undefined
    ? "no purchase of its buyer and product lacks it: revoke it in Cryptlex, or say whose it is, " +
      `--link ${license.id}=sub_… --force --apply`
    : purchaseIds.length === 1
    ? `if it is ${only}'s: deno task reconcile --link ${license.id}=${only} --apply`
    : `it may be that of ${purchaseIds.join(", ")}: say whose, --link ${license.id}=sub_… --apply`;
  return {
    kind: "subscription_empty",
    state: "person",
    purchaseId: only ?? null,
    licenseId: license.id,
    found: "its metadata has subscription_empty in place of a subscription",
    proposal,
  };
}
