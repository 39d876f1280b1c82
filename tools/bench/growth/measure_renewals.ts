// How long a renewal takes of a purchase that has been renewed for years, or never.

import type { Claim } from "../../../functions/stripe-cryptlex/claim.ts";
import type { Ledger } from "../../../functions/stripe-cryptlex/ledger.ts";
import { planPurchase } from "../../../functions/stripe-cryptlex/plan_purchase.ts";
import type { Policy } from "../../../functions/stripe-cryptlex/policy.ts";
import { merge, nothing, type Purchase } from "../../../functions/stripe-cryptlex/purchase.ts";
import { readEvent } from "../../../functions/stripe-cryptlex/read_event.ts";
import type { StripeEvent } from "../../stripe_sandbox/stripe_event.ts";
import { createStripeShop } from "../../stripe_sandbox/stripe_shop.ts";
import type { Subscription } from "../../stripe_sandbox/subscription.ts";
import { claimed, settlement } from "./settlement.ts";
import { createStopwatch, type Latencies } from "./stopwatch.ts";

/** What renewals took, and how large what is known of the purchase had become, as JSON. */
export type Renewals = { readonly took: Latencies; readonly stateBytes: number };

/** A purchase serves for so many, or it would not be of that age any more. */
const mostOfOne = 10;

const monthMs = 30 * 24 * 60 * 60 * 1000;

const policy: Policy = {
  cryptlexProductId: "product-app",
  renewalGraceDays: 3,
  onCancel: "revoke",
  onRefund: "revoke",
  onDispute: "suspend",
};

/** Renews as often, purchases that were renewed `months` times before; `seed` must be new. */
export async function measureRenewals(
  ledger: Ledger,
  { months, rounds, seed }: { months: number; rounds: number; seed: number },
): Promise<Renewals> {
  const shop = createStripeShop({ seed, now: new Date() });
  const { took, timed } = createStopwatch();
  let stateBytes = 0;
  for (let done = 0; done < rounds; done += mostOfOne) {
    const sold = shop.subscribe({
      email: `ada${done}@example.com`,
      name: "Ada Lovelace",
      price: { amount: 1900, interval: "month" },
      startedAt: new Date(Date.now() - (months + mostOfOne + 1) * monthMs),
    });
    await live(ledger, sold, months);
    // Made before any is measured: the sandbox takes longer for a later one, and the next call with it.
    const renewals = Array.from(
      { length: Math.min(mostOfOne, rounds - done) },
      (_, n) => toldOf(sold.renewalPaid(months + n + 1)),
    );
    for (const told of renewals) {
      const first = claimed(await timed("record", () => ledger.record(told)));
      const purchase = await timed("reckon", () => reckon(first));
      stateBytes = Math.max(stateBytes, JSON.stringify(purchase).length);
      await ledger.settle(first, settlement(first, { isDone: false }), { takes: "nothing" });
      const due = claimed(
        await timed("claim_due", () => ledger.claimDue({ ignoreBackoff: false })),
      );
      await timed("settle", () => ledger.settle(due, settlement(due, { isDone: true })));
    }
  }
  return { took, stateBytes };
}

/** All that was told of it so far, each as it came: events, links, calls and what is known. */
async function live(ledger: Ledger, sold: Subscription, months: number): Promise<void> {
  const events = [sold.checkoutCompleted(), sold.firstInvoicePaid()];
  for (let n = 1; n <= months; n++) events.push(sold.renewalPaid(n));
  for (const event of events) {
    const claim = claimed(await ledger.record(toldOf(event)));
    await ledger.settle(claim, settlement(claim, { isDone: true }));
  }
}

function toldOf(event: StripeEvent) {
  return { ...readEvent(event), payload: event };
}

/** What the function makes of a claim before it calls anybody: merge, decide, steps. */
function reckon(claim: Claim): Purchase {
  const purchase = claim.states.reduce(merge, nothing);
  planPurchase(claim, { purchase, licenses: claim.licenses }, policy);
  return purchase;
}
