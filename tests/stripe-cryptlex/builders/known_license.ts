// A row of our ledger for tests.

import type { KnownLicense } from "../../../functions/stripe-cryptlex/known_license.ts";

/** A living monthly license we made for the whole purchase, its date written by us. */
export function knownLicense(changed: Partial<KnownLicense> = {}): KnownLicense {
  const expiresAt = new Date("2026-12-05T10:00:00Z");
  return {
    licenseId: "license-1",
    slot: "product-a/1",
    origin: "created",
    cryptlexProductId: "product-a",
    licenseTemplateId: null,
    entitlementSetId: null,
    mappedBy: "setting",
    stripeItemId: null,
    stripePriceId: null,
    stripeProductId: null,
    userId: "user-1",
    subscriptionInterval: "P1M",
    expiresAt,
    wroteExpiresAt: expiresAt,
    perpetual: false,
    suspended: false,
    revoked: false,
    wroteRevoked: false,
    endedAt: null,
    goneAt: null,
    ...changed,
  };
}
