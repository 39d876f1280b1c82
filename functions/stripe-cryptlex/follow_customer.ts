// A change of a Stripe customer, carried over to the Cryptlex user as far as that is ours to change.

import type { Claim } from "./claim.ts";
import type { Cryptlex } from "./cryptlex.ts";
import { firstName } from "./ensure_user.ts";
import type { Purchase } from "./purchase.ts";
import type { Work } from "./settlement.ts";

/**
 * The name follows, for a user this bridge made, with role `user`, linked to this one customer, and
 * whose name nobody changed since. The e-mail never does: buyers type their own, so that anything else
 * would hand accounts over. Returns sentences for people.
 */
export async function followCustomer(
  claim: Claim,
  { cryptlex, purchase, customers }: {
    cryptlex: Pick<Cryptlex, "getUser" | "setFirstName">;
    purchase: Purchase;
    customers: Work["customers"];
  },
): Promise<string[]> {
  const { customer } = claim;
  const hasChanged = claim.events.some(({ eventType }) => eventType === "customer.updated");
  if (customer === null || !hasChanged) return [];
  const user = await cryptlex.getUser(customer.userId);
  if (user === null) return ["its user was deleted in Cryptlex"];

  const reports: string[] = [];
  const email = purchase.email?.value.trim().toLowerCase();
  if (email !== undefined && email !== user.email.toLowerCase()) {
    reports.push(
      "its e-mail at Stripe is not that of its user in Cryptlex: change it there, if you are sure " +
        "that it is the same person's",
    );
  }
  if (purchase.name === null) return reports;
  const wanted = firstName(purchase.name.value, user.email);
  const isOursAlone = customer.userMadeByUs && !customer.isShared && user.role === "user";
  const { stripeCustomerId, userId, userMadeByUs } = customer;
  const written = { stripeCustomerId, userId, userMadeByUs, wroteName: wanted };
  if (wanted === user.firstName) {
    // As after a call nobody heard of: it is ours, or the next change would not follow.
    if (isOursAlone && customer.wroteName !== wanted) customers.push(written);
    return reports;
  }
  if (!isOursAlone || customer.wroteName !== user.firstName) {
    return [...reports, "its name changed at Stripe; the user's in Cryptlex is not ours"];
  }
  await cryptlex.setFirstName(user.id, wanted);
  customers.push(written);
  return [...reports, "the user's name follows"];
}
