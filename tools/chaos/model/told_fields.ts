// Fields that several of Stripe's objects share, read for the model alone.

import { z } from "zod";
import type { ToldTerms } from "./told.ts";

export const metadata = z.record(z.string(), z.string()).nullish();
export const id = z.string().nullish();

/** The license that metadata names; null: it names none. */
export function termsIn(from: z.infer<typeof metadata>): ToldTerms | null {
  const productId = from?.["CRYPTLEX_PRODUCT_ID"];
  if (!productId) return null;
  return {
    productId,
    templateId: from?.["CRYPTLEX_LICENSE_TEMPLATE"] ?? null,
    entitlementSetId: from?.["CRYPTLEX_ENTITLEMENT_SET_ID"] ?? null,
  };
}

/** The ids that are there. */
export function present(ids: readonly (string | null | undefined)[]): string[] {
  return ids.filter((value) => value !== null && value !== undefined);
}
