// What is known of a buyer's user without asking Cryptlex. Pure.

import type { Claim } from "./claim.ts";
import type { KnownLicense } from "./known_license.ts";
import type { Purchase } from "./purchase.ts";

/** The user its Stripe customer or its other licenses have; null: none is known. */
export function knownUser(
  { customer }: Pick<Claim, "customer">,
  licenses: readonly KnownLicense[],
): string | null {
  return customer?.userId ??
    licenses.find((license) => license.userId !== null)?.userId ?? null;
}

/** Why none can be made of a buyer without an e-mail address. */
export function noAddress({ erased }: Purchase): string {
  return "Cannot make a license without a user: " +
    (erased
      ? "the buyer was deleted in Stripe, and the e-mail address is erased"
      : "Stripe gave no e-mail address of the buyer");
}
