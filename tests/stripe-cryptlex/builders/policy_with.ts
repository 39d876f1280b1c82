// What a merchant chose, for tests.

import type { Policy } from "../../../functions/stripe-cryptlex/policy.ts";

/** The settings' defaults, but that everything sold is product-a. */
export function policyWith(changed: Partial<Policy> = {}): Policy {
  return {
    cryptlexProductId: "product-a",
    renewalGraceDays: 3,
    onCancel: "revoke",
    onRefund: "revoke",
    onDispute: "suspend",
    ...changed,
  };
}
