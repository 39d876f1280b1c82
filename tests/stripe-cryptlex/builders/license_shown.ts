// A license as Cryptlex's client gives it.

import type { License } from "../../../functions/stripe-cryptlex/cryptlex_payloads.ts";
import type { LicenseFields } from "../../../functions/stripe-cryptlex/license_fields.ts";
import { licenseFields } from "./known_license.ts";

/** A monthly license of product-a, just made, with this metadata. */
export function licenseShown(
  metadata: Record<string, string> = {},
  { fields = {}, ...changed }: Partial<Omit<License, "fields">> & {
    fields?: Partial<LicenseFields>;
  } = {},
): License {
  return {
    id: "license-1",
    productId: "product-a",
    userId: "user-1",
    fields: licenseFields(fields),
    expiresAt: new Date("2026-12-05T10:00:00Z"),
    perpetual: false,
    subscriptionInterval: "P1M",
    createdAt: new Date("2026-11-02T10:00:00Z"),
    metadata: Object.entries(metadata).map(([key, value]) => ({ key, value })),
    ...changed,
  };
}
