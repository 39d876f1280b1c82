// Works off what is due: what was left by a failure, a death, a rehearsal, or asked for again.

import type { Background } from "./background.ts";
import { converge, type Tally } from "./converge.ts";
import { receive } from "./receive.ts";
import type { World } from "./world.ts";

/** As many purchases as one call may take: the platform allows 2 seconds of CPU (its limits page). */
const mostPurchases = 100;

/**
 * No purchase is begun after this, milliseconds: the last may take most of a lease, and the platform
 * waits 150 seconds for an answer.
 */
const longestMs = 45_000;

/**
 * Converges due purchases, the longest waiting first. Returns how many events ended which way.
 *
 * `ignoreBackoff` tries what failed before its time has come, but never what must stay quiet.
 */
export async function drain(
  world: World,
  { background, ignoreBackoff }: { background: Background; ignoreBackoff: boolean },
): Promise<Tally> {
  const total: Tally = { settled: 0, retrying: 0, parked: 0 };
  const startedMs = performance.now();
  const tried: string[] = [];
  while (tried.length < mostPurchases && performance.now() - startedMs < longestMs) {
    const claimedAtMs = performance.now();
    // Once a drain is enough: what has just failed must not keep the others waiting.
    const { claim, unread } = await world.ledger.claimDue({ ignoreBackoff, except: tried });
    if (claim !== null) {
      const tally = await converge(claim, world, { claimedAtMs, takesOther: false });
      total.settled += tally.settled;
      total.retrying += tally.retrying;
      total.parked += tally.parked;
      tried.push(claim.purchaseId);
    }
    if (unread !== null) await receive(unread, world, background);
    if (claim === null && unread === null) break;
  }
  return total;
}
