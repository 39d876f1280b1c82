// A row of our ledger for tests.

import type { KnownLicense } from "../../../functions/stripe-cryptlex/known_license.ts";
import type { LicenseFields } from "../../../functions/stripe-cryptlex/license_fields.ts";
import { ignoredSeats } from "../../../functions/stripe-cryptlex/seats.ts";

/** The fields of a valid license for one machine. */
export function licenseFields(changed: Partial<LicenseFields> = {}): LicenseFields {
  return {
    revoked: false,
    suspended: false,
    entitlementSetId: null,
    allowedActivations: 1,
    allowedFloatingClients: null,
    ...changed,
  };
}

/** A living monthly license we made for the whole purchase, as we wrote it. */
export function knownLicense(changed: Partial<KnownLicense> = {}): KnownLicense {
  const expiresAt = new Date("2026-12-05T10:00:00Z");
  return {
    licenseId: "license-1",
    slot: "product-a/1",
    origin: "created",
    cryptlexProductId: "product-a",
    licenseTemplateId: null,
    seats: ignoredSeats,
    mappedBy: "setting",
    stripeItemId: null,
    coveredItems: [],
    stripePriceId: null,
    stripeProductId: null,
    userId: "user-1",
    subscriptionInterval: "P1M",
    intervalChange: null,
    expiresAt,
    wroteExpiresAt: expiresAt,
    perpetual: false,
    seen: licenseFields(),
    wrote: licenseFields(),
    writing: null,
    endedAt: null,
    goneAt: null,
    ...changed,
  };
}
