// One purchase through the real convergence, against the Cryptlex sandbox and a ledger in memory.

import assert from "node:assert/strict";
import { converge } from "../../../functions/stripe-cryptlex/converge.ts";
import type { KnownLicense } from "../../../functions/stripe-cryptlex/known_license.ts";
import { merge, nothing, type Purchase } from "../../../functions/stripe-cryptlex/purchase.ts";
import type { Catalog } from "../../../functions/stripe-cryptlex/line_mapping.ts";
import {
  createCryptlexSandbox,
  type CryptlexSandbox,
} from "../../../tools/cryptlex_sandbox/sandbox.ts";
import { claimedAt, claimOf } from "./claim_of.ts";
import { createFakeLedger } from "./fake_ledger.ts";
import { policyWith } from "./policy_with.ts";
import { worldWith } from "./world_with.ts";

export type PurchaseAtWork = {
  /**
   * Learns these facts and converges; the calls it took, such as `create_license`. `meanwhile`
   * happens after the first part of several, and the next one then comes late.
   */
  know(facts: Purchase, meanwhile?: () => void): Promise<string[]>;
  /** What an operator of the Cryptlex account sees, and may change. */
  readonly cryptlex: CryptlexSandbox;
  /** The rows as they were last settled. */
  rows(): readonly KnownLicense[];
  /** The licenses that are valid, but for their date: slot and day of expiry. */
  licenses(): [slot: string, until: string | undefined][];
  /** Somebody moves the date of every license in Cryptlex, and we come to see it. */
  move(date: string): void;
};

/** Monthly templates of product-a and whatever else the catalogue sells. */
export function createPurchaseAtWork(
  options: {
    purchaseId: string;
    catalog: Catalog;
    products: readonly string[];
    graceDays?: number;
    sets?: readonly string[];
  },
): PurchaseAtWork {
  const { purchaseId, catalog, products, graceDays = 3, sets = ["set-n"] } = options;
  const sandbox = createCryptlexSandbox({
    now: () => claimedAt,
    products: products.map((id) => ({ id, name: id, licenseTemplateId: "monthly" })),
    licenseTemplates: [{ id: "monthly", name: "Monthly", subscriptionInterval: "P1M" }],
    entitlementSets: sets.map((id) => ({ id, name: id, productIds: [...products] })),
  });
  const actions: string[] = [];
  let interrupt: (() => void) | null = null;
  const ledger = createFakeLedger({
    settle(_, done) {
      lastError = done.lastError;
      const [linked] = done.customers;
      const customer = linked === undefined ? claim.customer : { ...linked, isShared: false };
      claim = { ...claim, customer, states: [done.state], licenses: [...done.licenses] };
      actions.push(...done.actions.map(({ action }) => action));
      // In parts: the next one goes on at once, unless something comes between.
      const goesOn = done.retrySeconds === 0;
      isLate = goesOn && interrupt !== null;
      if (isLate) interrupt?.();
      if (isLate) interrupt = null;
      const next = goesOn && !isLate ? claim : null;
      return Promise.resolve({ settled: true, claim: next, refused: null });
    },
  });
  const world = worldWith({
    ledger,
    policy: policyWith({ cryptlexProductId: catalog.productId, renewalGraceDays: graceDays }),
  });
  const there = { ...world, cryptlex: { ...world.cryptlex, fetch: sandbox.fetch } };
  let isLate = false;
  let lastError: string | null = null;
  let claim = claimOf({ purchaseId, hasPlans: catalog.hasPlans, plans: [...catalog.plans] });

  return {
    async know(facts, meanwhile) {
      claim = { ...claim, states: [claim.states.reduce(merge, nothing), facts] };
      interrupt = meanwhile ?? null;
      do {
        const now = performance.now();
        await converge(claim, there, { startedMs: now, claimedAtMs: now, takesOther: false });
      } while (isLate);
      assert.equal(lastError, null);
      return actions.splice(0);
    },
    cryptlex: sandbox,
    rows: () => claim.licenses,
    licenses: () =>
      claim.licenses.filter(({ endedAt, seen }) => endedAt === null && !seen.revoked)
        .map(({ slot, expiresAt }) => [slot, expiresAt?.toISOString().slice(0, 10)]),
    move(date) {
      const expiresAt = new Date(`${date}T10:00:00Z`);
      for (const { licenseId } of claim.licenses) {
        sandbox.change(licenseId, { expiresAt: expiresAt.toISOString() });
      }
      claim = { ...claim, licenses: claim.licenses.map((license) => ({ ...license, expiresAt })) };
    },
  };
}
