// A license as Cryptlex's client gives it.

import type { License } from "../../../functions/stripe-cryptlex/cryptlex_payloads.ts";

/** A monthly license of product-a, just made, with this metadata. */
export function licenseShown(
  metadata: Record<string, string> = {},
  changed: Partial<License> = {},
): License {
  return {
    id: "license-1",
    productId: "product-a",
    userId: "user-1",
    entitlementSetId: null,
    expiresAt: new Date("2026-12-05T10:00:00Z"),
    perpetual: false,
    suspended: false,
    revoked: false,
    subscriptionInterval: "P1M",
    createdAt: new Date("2026-11-02T10:00:00Z"),
    metadata: Object.entries(metadata).map(([key, value]) => ({ key, value })),
    ...changed,
  };
}
