// What is known of a buyer's user without asking Cryptlex. Pure.

import type { Claim } from "./claim.ts";

/** The user its Stripe customer or its other licenses have; null: none is known. */
export function knownUser(claim: Claim): string | null {
  return claim.customer?.userId ??
    claim.licenses.find((license) => license.userId !== null)?.userId ?? null;
}

/** Why none can be made of a buyer without an e-mail address. */
export const noAddress =
  "Cannot make a license without a user: Stripe gave no e-mail address of the buyer";
