// Whether Cryptlex is to be read before anything is done. Pure.

import type { Claim } from "./claim.ts";
import { isLiving } from "./known_license.ts";
import type { Purchase } from "./purchase.ts";
import { isEntitled } from "./standing.ts";

const freshMs = 10 * 60 * 1000;

/**
 * True when what we know of Cryptlex may be wrong (the purchase says so), is missing (a license whose
 * date depends on its activation, or that seemed deleted), or is nothing although this is no new sale:
 * then another script, or a call we never heard of, may have made a license. A normal sale or renewal
 * is false.
 */
export function mustRead(claim: Claim, purchase: Purchase): boolean {
  if (claim.purchaseId.startsWith("cus_")) return false;
  if (claim.mustRead) return true;
  if (!isEntitled(purchase)) return false;
  const undated = claim.licenses.some((license) =>
    isLiving(license) && license.expiresAt === null && !license.perpetual
  );
  // Deleted in Cryptlex, as it seemed: looked for again each time.
  const gone = claim.licenses.some((license) =>
    license.goneAt !== null && license.endedAt === null
  );
  return undated || gone || (claim.licenses.length === 0 && !isNewSale(claim, purchase));
}

/** The first attempt at an event that starts a purchase, created minutes ago. */
function isNewSale(claim: Claim, purchase: Purchase): boolean {
  return claim.attempts === 0 && claim.events.some((event) =>
    event.opensSale &&
    claim.claimedAt.getTime() - event.createdAt.getTime() < freshMs &&
    // The money came later: at the session's completion another script may have served it.
    (event.eventType !== "checkout.session.async_payment_succeeded" ||
      Object.values(purchase.sessions).some((session) => session.completed))
  );
}
