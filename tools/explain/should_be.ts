// What should be, decided by the function's own code. Pure.

import type { Claim } from "../../functions/stripe-cryptlex/claim.ts";
import { isEntitled } from "../../functions/stripe-cryptlex/standing.ts";
import {
  type Known,
  planPurchase,
  rehearse,
} from "../../functions/stripe-cryptlex/plan_purchase.ts";
import type { Policy } from "../../functions/stripe-cryptlex/policy.ts";

export type ShouldBe = {
  /** `user`: the customer is to be a user of Cryptlex; `unpaid`: nothing entitles to a license. */
  readonly decision: "licenses" | "user" | "parked" | "unpaid" | "unmapped" | "nothing";
  /** Why nothing is to be done; null: something is, or is so already. */
  readonly reason: string | null;
  readonly licenses: readonly {
    readonly slot: string;
    readonly productId: string;
    /** Grace included; null: left to the template. */
    readonly expiresAt: Date | null;
    readonly allowedActivations: number | null;
    readonly allowedFloatingClients: number | null;
  }[];
  /** Why they are to be revoked, or suspended. */
  readonly revokes: readonly string[];
  readonly suspends: readonly string[];
  /** From what the ledger knows there is something to do. */
  readonly isDue: boolean;
  /** The function's own words for it. */
  readonly wouldDo: string;
};

export function shouldBe(claim: Claim, known: Known, policy: Policy): ShouldBe {
  const { decision, steps } = planPurchase(claim, known, policy);
  const wanted = decision.kind === "licenses" ? decision : null;
  return {
    decision: decision.kind !== "nothing"
      ? decision.kind
      : decision.status === "ignored"
      ? "unmapped"
      : claim.purchaseId.startsWith("cus_") || isEntitled(known.purchase)
      ? "nothing"
      : "unpaid",
    reason: "reason" in decision ? decision.reason : null,
    licenses: (wanted?.desired ?? []).map(({ slot, terms, expiresAt, fields }) => ({
      slot,
      productId: terms.productId,
      expiresAt,
      allowedActivations: fields.allowedActivations ?? null,
      allowedFloatingClients: fields.allowedFloatingClients ?? null,
    })),
    revokes: wanted?.standing.revokes ?? [],
    suspends: wanted?.standing.suspends ?? [],
    isDue: steps.length > 0,
    wouldDo: rehearse(claim, known, policy),
  };
}
