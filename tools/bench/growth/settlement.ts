// What a convergence would write down, without one.

import type { Claim } from "../../../functions/stripe-cryptlex/claim.ts";
import type { Settlement } from "../../../functions/stripe-cryptlex/ledger.ts";
import { merge, nothing } from "../../../functions/stripe-cryptlex/purchase.ts";
import { ignoredSeats } from "../../../functions/stripe-cryptlex/seats.ts";

/** The claim. @throws {Error} there is none. */
export function claimed({ claim }: { claim: Claim | null }): Claim {
  if (claim === null) throw new Error("Cannot measure: somebody else works on this database");
  return claim;
}

/** One license made with two calls; or nothing yet, to be tried again at once. */
export function settlement(claim: Claim, { isDone }: { isDone: boolean }): Settlement {
  const expiresAt = new Date(claim.claimedAt.getTime() + 30 * 24 * 60 * 60 * 1000);
  const licenseId = `license of ${claim.purchaseId}`;
  const userId = `user of ${claim.purchaseId}`;
  const state = claim.states.reduce(merge, nothing);
  const call = { status: 201, ms: 120, error: null };
  return {
    state,
    events: claim.events.map(({ eventId }) => ({
      eventId,
      status: isDone ? "applied" : "pending",
      outcome: isDone ? `${licenseId} created` : null,
      lastError: isDone ? null : "Cryptlex did not answer POST /v3/users: status 503",
    })),
    licenses: isDone ? [made(licenseId, { userId, expiresAt })] : [],
    customers: isDone && state.customerId !== null
      ? [{ stripeCustomerId: state.customerId.value, userId, userMadeByUs: true, wroteName: "Ada" }]
      : [],
    actions: isDone
      ? [
        { ...call, action: "create_user", licenseId: null },
        { ...call, action: "create_license", licenseId },
      ]
      : [],
    retrySeconds: isDone ? null : 0,
    quietSeconds: null,
    pauseSeconds: null,
    mustRead: false,
    lookAgainSeconds: null,
    lastError: null,
    stripeIds: [],
    stripeRead: null,
  };
}

function made(licenseId: string, { userId, expiresAt }: { userId: string; expiresAt: Date }) {
  const fields = {
    revoked: false,
    suspended: false,
    entitlementSetId: null,
    allowedActivations: 1,
    allowedFloatingClients: null,
  };
  return {
    licenseId,
    slot: "product-app/1",
    origin: "created",
    cryptlexProductId: "product-app",
    licenseTemplateId: null,
    seats: ignoredSeats,
    mappedBy: "setting",
    stripeItemId: null,
    coveredItems: [],
    stripePriceId: null,
    stripeProductId: null,
    userId,
    subscriptionInterval: "P1M",
    expiresAt,
    wroteExpiresAt: expiresAt,
    perpetual: false,
    seen: fields,
    wrote: fields,
    writing: null,
    intervalChange: null,
    endedAt: null,
    goneAt: null,
  } as const;
}
