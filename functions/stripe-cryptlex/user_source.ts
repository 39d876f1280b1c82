// Where a new license gets its user from: what is known first, and only then Cryptlex.

import type { UserSource } from "./apply_steps.ts";
import type { Claim, CustomerLink } from "./claim.ts";
import type { Cryptlex } from "./cryptlex.ts";
import { ensureUser } from "./ensure_user.ts";
import { knownUser, noAddress } from "./known_user.ts";
import type { Purchase } from "./purchase.ts";
import { NeedsPersonError } from "./trouble.ts";

/**
 * The user of this purchase's buyer: the one its Stripe customer or its other licenses have, else
 * found or made by e-mail. New links are added to `customers`.
 */
export function createUserSource(
  cryptlex: Cryptlex,
  { claim, purchase, customers }: { claim: Claim; purchase: Purchase; customers: CustomerLink[] },
): UserSource {
  let remembered = knownUser(claim);
  let ensured: string | null = null;

  return {
    async get() {
      if (remembered !== null) return remembered;
      if (ensured !== null) return ensured;
      if (purchase.email === null) {
        throw new NeedsPersonError(noAddress(purchase));
      }
      const { userId, madeByUs } = await ensureUser(cryptlex, {
        email: purchase.email.value,
        name: purchase.name?.value ?? null,
      });
      ensured = userId;
      if (purchase.customerId !== null) {
        customers.push({
          stripeCustomerId: purchase.customerId.value,
          userId,
          userMadeByUs: madeByUs,
        });
      }
      return userId;
    },
    async forgetIfGone() {
      if (remembered === null || await cryptlex.hasUser(remembered)) return false;
      remembered = null;
      return true;
    },
  };
}
