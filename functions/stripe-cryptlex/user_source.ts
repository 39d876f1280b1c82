// Where a new license gets its user from: what is known first, and only then Cryptlex.

import type { Claim } from "./claim.ts";
import type { UserSource } from "./create_license.ts";
import type { Cryptlex } from "./cryptlex.ts";
import { ensureUser } from "./ensure_user.ts";
import type { KnownLicense } from "./known_license.ts";
import { knownUser, noAddress } from "./known_user.ts";
import type { Purchase } from "./purchase.ts";
import type { NewCustomerLink } from "./settlement.ts";
import { NeedsPersonError } from "./trouble.ts";

/**
 * The user of this purchase's buyer: the one its Stripe customer or its other licenses have, else
 * found or made by e-mail. New links are added to `customers`.
 */
export function createUserSource(
  cryptlex: Cryptlex,
  { claim, licenses, purchase, customers }: {
    claim: Claim;
    /** As they are now known, also those just found. */
    licenses: readonly KnownLicense[];
    purchase: Purchase;
    customers: NewCustomerLink[];
  },
): UserSource {
  let remembered = knownUser(claim, licenses);
  let ensured: string | null = null;

  return {
    async get() {
      if (remembered !== null) return remembered;
      if (ensured !== null) return ensured;
      if (purchase.email === null) {
        throw new NeedsPersonError(noAddress(purchase));
      }
      const { userId, wroteName } = await ensureUser(cryptlex, {
        email: purchase.email.value,
        name: purchase.name?.value ?? null,
        company: purchase.company?.value ?? null,
      });
      ensured = userId;
      if (purchase.customerId !== null) {
        customers.push({
          stripeCustomerId: purchase.customerId.value,
          userId,
          userMadeByUs: wroteName !== null,
          wroteName,
        });
      }
      return userId;
    },
    async forgetIfGone() {
      if (remembered === null || await cryptlex.getUser(remembered) !== null) return false;
      remembered = null;
      return true;
    },
  };
}
