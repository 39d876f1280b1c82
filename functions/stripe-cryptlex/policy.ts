// What the merchant has chosen, as far as it decides about licenses. See README, Settings.

export const cancelPolicies = ["revoke", "suspend", "expire"] as const;
export const refundPolicies = ["revoke", "suspend", "ignore"] as const;
export const disputePolicies = ["suspend", "revoke", "ignore"] as const;

/** The settings a decision rests on. */
export type Policy = {
  /** `CRYPTLEX_PRODUCT_ID`. */
  readonly cryptlexProductId: string | null;
  readonly renewalGraceDays: number;
  /** At the end of a subscription; `expire`: the paid time runs out. */
  readonly onCancel: typeof cancelPolicies[number];
  /** After a full refund of a one-time purchase. */
  readonly onRefund: typeof refundPolicies[number];
  /** While money is disputed. */
  readonly onDispute: typeof disputePolicies[number];
};

/** The policy in the settings, and nothing else of them. */
export function policyOf(settings: Policy): Policy {
  const { cryptlexProductId, renewalGraceDays, onCancel, onRefund, onDispute } = settings;
  return { cryptlexProductId, renewalGraceDays, onCancel, onRefund, onDispute };
}

/** The policy as the ledger keeps it: by the settings' names, so that people can read it. */
export function policyDocument(policy: Policy): Readonly<Record<string, string | number | null>> {
  return {
    CRYPTLEX_PRODUCT_ID: policy.cryptlexProductId,
    RENEWAL_GRACE_DAYS: policy.renewalGraceDays,
    ON_CANCEL: policy.onCancel,
    ON_REFUND: policy.onRefund,
    ON_DISPUTE: policy.onDispute,
  };
}
