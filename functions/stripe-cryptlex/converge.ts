// The story of one claimed purchase: merge -> read, if need be -> decide -> steps -> apply ->
// settle. Knows no SQL and no URL. A death anywhere leaves a lease that runs out.

import { applySteps } from "./apply_steps.ts";
import { askStripe } from "./ask_stripe.ts";
import type { Claim } from "./claim.ts";
import { followCustomer } from "./follow_customer.ts";
import type { EventOutcome, Settlement } from "./ledger.ts";
import { licenseMetadata } from "./license_metadata.ts";
import { errorMessage } from "./log.ts";
import { mustRead } from "./must_read.ts";
import { outcomeOf } from "./outcome.ts";
import { planPurchase, rehearse } from "./plan_purchase.ts";
import { rememberLicenses } from "./remember_licenses.ts";
import { readLicenses } from "./read_licenses.ts";
import { settle } from "./settle.ts";
import { beginWork, type Ending, settlementOf, type Work } from "./settlement.ts";
import { NeedsPersonError, troubleOf } from "./trouble.ts";
import { createUserSource } from "./user_source.ts";
import { watchedCryptlex } from "./watched_cryptlex.ts";
import type { World } from "./world.ts";

/** How many events ended which way. */
export type Tally = { settled: number; retrying: number; parked: number };

const tallied = {
  applied: "settled",
  ignored: "settled",
  pending: "retrying",
  parked: "parked",
} as const satisfies Record<EventOutcome["status"], keyof Tally>;

/**
 * Nothing more is taken up after this, milliseconds: what is under way may take most of a lease, and
 * the platform waits 150 seconds for an answer.
 */
export const longestMs = 45_000;

/**
 * Brings the claimed purchase's licenses to what they should be, and goes on while the ledger has
 * news of it, for `longestMs` from `startedMs` on. Never rejects: what went wrong is settled with the purchase, or left to its lease.
 *
 * With `takesOther` it then takes up one other purchase that is due. `claimedAtMs` is
 * `performance.now()` from before the claim was asked for: measured from there, the lease never
 * seems longer than it is. `startedMs`: from when the whole work began.
 */
export async function converge(
  claim: Claim,
  world: World,
  options: { startedMs: number; claimedAtMs: number; takesOther: boolean },
): Promise<Tally> {
  // By event: one settled in parts counts as what it came to.
  const ended = new Map<string, keyof Tally>();
  let claimed: Claim | null = claim;
  let { claimedAtMs: sinceMs, takesOther } = options;
  let seen: ReadonlySet<string> = new Set();
  try {
    while (claimed !== null) {
      const work = beginWork(claimed, seen);
      const settlement = await attempt(claimed, work, { world, claimedAtMs: sinceMs });
      sinceMs = performance.now();
      const mayGoOn = sinceMs - options.startedMs < longestMs;
      const takes = !mayGoOn ? "nothing" : takesOther ? "others" : "news";
      const settled = await settle(claimed, settlement, { ...world, takes });
      if (!settled.settled) break;
      for (const event of settled.done.events) ended.set(event.eventId, tallied[event.status]);
      // One other is enough: each delivery has its own share of the platform's time.
      if (settled.claim?.purchaseId !== claimed.purchaseId) takesOther = false;
      // The next part goes on from what this one saw; whoever comes later looks again.
      const goesOn = settlement.retrySeconds === 0 &&
        settled.claim?.purchaseId === claimed.purchaseId;
      seen = goesOn ? work.seenNow() : new Set();
      claimed = settled.claim;
    }
  } catch (error) {
    world.log({ action: "converge", purchase_id: claim.purchaseId, error: errorMessage(error) });
  }
  const tally: Tally = { settled: 0, retrying: 0, parked: 0 };
  for (const end of ended.values()) tally[end]++;
  return tally;
}

async function attempt(
  claim: Claim,
  work: Work,
  { world, claimedAtMs }: { world: World; claimedAtMs: number },
): Promise<Settlement> {
  const ending = await workOn(claim, work, { world, claimedAtMs }).catch((error): Ending => ({
    kind: "trouble",
    trouble: troubleOf(error, {
      attempts: claim.attempts,
      timeoutMs: world.cryptlex.timeoutMs,
      random: world.random(),
    }),
  }));
  return settlementOf(claim, { work, ending });
}

async function workOn(
  claim: Claim,
  work: Work,
  { world, claimedAtMs }: { world: World; claimedAtMs: number },
): Promise<Ending> {
  const { purchaseId } = claim;
  if (!world.recordOnly) await askStripe(claim, work, world);
  const { purchase } = work;
  const cryptlex = watchedCryptlex(claim, work, { world, claimedAtMs });
  if (!world.recordOnly && mustRead(claim, purchase)) {
    const known = await readLicenses(cryptlex, {
      purchaseId,
      purchase,
      joinedIds: claim.joinedIds,
      known: claim.licenses,
      unheard: claim.mustRead,
      now: claim.claimedAt,
    });
    for (const license of known) work.licenses.set(license.licenseId, license);
    work.hasRead = true;
  }

  const known = { purchase, licenses: [...work.licenses.values()] };
  if (world.recordOnly) {
    return { kind: "rehearsed", outcome: rehearse(claim, known, world.policy) };
  }
  const { decision, steps, reports } = planPurchase(claim, known, world.policy);
  if (decision.kind === "parked") throw new NeedsPersonError(decision.reason);

  const users = createUserSource(cryptlex, {
    claim,
    licenses: known.licenses,
    purchase,
    customers: work.customers,
  });
  const told = [...reports];
  if (decision.kind === "user") {
    // By asking for the user all is read that there is to a customer, whatever the answer.
    work.hasRead = true;
    await users.get();
    told.push(...await followCustomer(claim, { cryptlex, purchase, customers: work.customers }));
  }
  await applySteps(steps, {
    cryptlex,
    users,
    work,
    now: claim.claimedAt,
    metadata: ({ slot, target }) =>
      licenseMetadata(purchaseId, { purchase, slot, itemId: target.itemId }),
  });
  rememberLicenses(work.licenses, decision.kind === "licenses" ? decision.desired : []);
  return {
    kind: "done",
    status: decision.kind === "nothing" ? decision.status : "applied",
    outcome: outcomeOf(decision, { outcomes: work.outcomes, reports: told }),
  };
}
