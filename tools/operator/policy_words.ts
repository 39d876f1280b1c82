// The settings a decision rests on, in words. Pure.

import type { Policy } from "../../functions/stripe-cryptlex/policy.ts";

/** Each by its name, so that a difference from the function's own shows. */
export function policyWords(
  { cryptlexProductId, renewalGraceDays, onCancel, onRefund, onDispute }: Policy,
): string {
  return `CRYPTLEX_PRODUCT_ID ${cryptlexProductId ?? "not set"}, RENEWAL_GRACE_DAYS ` +
    `${renewalGraceDays}, ON_CANCEL ${onCancel}, ON_REFUND ${onRefund}, ON_DISPUTE ${onDispute}`;
}
