// What Stripe metadata says about Cryptlex, under the keys Cryptlex's own script reads. No IO.

import type { Terms } from "./purchase.ts";

/**
 * The terms named in one object's metadata; null when it names no product.
 *
 * The keys are those of Cryptlex's Stripe guide. Blank values count as absent: Stripe's Dashboard
 * keeps a key whose value was emptied.
 */
export function readTerms(metadata: Readonly<Record<string, string>> | null): Terms | null {
  const named = (key: string) => metadata?.[key]?.trim() || null;
  const productId = named("CRYPTLEX_PRODUCT_ID");
  if (productId === null) return null;
  return {
    productId,
    licenseTemplateId: named("CRYPTLEX_LICENSE_TEMPLATE"),
    entitlementSetId: named("CRYPTLEX_ENTITLEMENT_SET_ID"),
  };
}
