// What the merchant of a run has chosen, by its seed. Data only.

import { type PlanRow, plans } from "./chaos_catalogue.ts";

/** What becomes of licenses when a subscription ends, when money goes back, while it is disputed. */
export type ChaosPolicy = {
  readonly onCancel: "revoke" | "suspend" | "expire";
  readonly onRefund: "revoke" | "suspend" | "ignore";
  readonly onDispute: "suspend" | "revoke" | "ignore";
};

export type Merchant = {
  /** Empty: the setting maps, as rows silence it. */
  readonly plans: readonly PlanRow[];
  readonly policy: ChaosPolicy;
};

const policies: readonly ChaosPolicy[] = [
  { onCancel: "expire", onRefund: "ignore", onDispute: "ignore" },
  // As nobody has chosen.
  { onCancel: "revoke", onRefund: "revoke", onDispute: "suspend" },
  { onCancel: "suspend", onRefund: "suspend", onDispute: "revoke" },
];

/** Plans for even seeds; of six seeds in a row none has the choices of another. */
export function merchantOf(seed: number): Merchant {
  const policy = policies[seed % policies.length];
  if (policy === undefined) throw new RangeError(`Cannot choose by seed ${seed}`);
  return { plans: seed % 2 === 0 ? plans : [], policy };
}
