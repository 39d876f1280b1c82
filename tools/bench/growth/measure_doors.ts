// How long the ledger's functions take: purchases are sold, fail, are claimed again and settled.

import type { Ledger, Settlement } from "../../../functions/stripe-cryptlex/ledger.ts";
import type { Claim } from "../../../functions/stripe-cryptlex/claim.ts";
import { merge, nothing } from "../../../functions/stripe-cryptlex/purchase.ts";
import { ignoredSeats } from "../../../functions/stripe-cryptlex/seats.ts";
import { readEvent } from "../../../functions/stripe-cryptlex/read_event.ts";
import { createStripeShop } from "../../stripe_sandbox/stripe_shop.ts";

/** Milliseconds of each call. */
export type Latencies = Readonly<Record<"record" | "claim_due" | "settle", readonly number[]>>;

/** Sells as many purchases one after the other, all events and ids new; `seed` must be, too. */
export async function measureDoors(
  ledger: Ledger,
  { rounds, seed }: { rounds: number; seed: number },
): Promise<Latencies> {
  const shop = createStripeShop({ seed, now: new Date() });
  const took = { record: [] as number[], claim_due: [] as number[], settle: [] as number[] };

  async function timed<T>(door: keyof typeof took, call: () => Promise<T>): Promise<T> {
    const started = performance.now();
    const answer = await call();
    took[door].push(performance.now() - started);
    return answer;
  }

  for (let round = 0; round < rounds; round++) {
    const event = shop.subscribe({
      email: "ada@example.com",
      name: "Ada Lovelace",
      price: { amount: 1900, interval: "month" },
    }).checkoutCompleted();
    const told = { ...readEvent(event), payload: event };
    const sold = claimed(await timed("record", () => ledger.record(told)));
    await ledger.settle(sold, settlement(sold, { isDone: false }));
    const due = claimed(
      await timed("claim_due", () => ledger.claimDue({ ignoreBackoff: true })),
    );
    await timed("settle", () => ledger.settle(due, settlement(due, { isDone: true })));
  }
  return took;
}

function claimed({ claim }: { claim: Claim | null }): Claim {
  if (claim === null) throw new Error("Cannot measure: somebody else works on this database");
  return claim;
}

/** One license made with two calls; or nothing yet, to be tried again in a minute. */
function settlement(claim: Claim, { isDone }: { isDone: boolean }): Settlement {
  const expiresAt = new Date(claim.claimedAt.getTime() + 30 * 24 * 60 * 60 * 1000);
  const licenseId = `license of ${claim.purchaseId}`;
  const userId = `user of ${claim.purchaseId}`;
  const state = claim.states.reduce(merge, nothing);
  const call = { status: 201, ms: 120, error: null };
  return {
    state,
    events: claim.events.map(({ eventId }) => ({
      eventId,
      status: isDone ? "applied" : "pending",
      outcome: isDone ? `${licenseId} created` : null,
      lastError: isDone ? null : "Cryptlex did not answer POST /v3/users: status 503",
    })),
    licenses: isDone ? [made(licenseId, { userId, expiresAt })] : [],
    customers: isDone && state.customerId !== null
      ? [{ stripeCustomerId: state.customerId.value, userId, userMadeByUs: true, wroteName: "Ada" }]
      : [],
    actions: isDone
      ? [
        { ...call, action: "create_user", licenseId: null },
        { ...call, action: "create_license", licenseId },
      ]
      : [],
    retrySeconds: isDone ? null : 60,
    quietSeconds: null,
    pauseSeconds: null,
    mustRead: false,
    lookAgainSeconds: null,
    lastError: null,
    stripeIds: [],
    stripeRead: null,
  };
}

function made(licenseId: string, { userId, expiresAt }: { userId: string; expiresAt: Date }) {
  const fields = {
    revoked: false,
    suspended: false,
    entitlementSetId: null,
    allowedActivations: 1,
    allowedFloatingClients: null,
  };
  return {
    licenseId,
    slot: "product-app/1",
    origin: "created",
    cryptlexProductId: "product-app",
    licenseTemplateId: null,
    seats: ignoredSeats,
    mappedBy: "setting",
    stripeItemId: null,
    coveredItems: [],
    stripePriceId: null,
    stripeProductId: null,
    userId,
    subscriptionInterval: "P1M",
    expiresAt,
    wroteExpiresAt: expiresAt,
    perpetual: false,
    seen: fields,
    wrote: fields,
    writing: null,
    intervalChange: null,
    endedAt: null,
    goneAt: null,
  } as const;
}
