// Works off what is due: what was left by a failure, a death, a rehearsal, or asked for again.

import type { Background } from "./background.ts";
import { converge, type Tally } from "./converge.ts";
import { receive } from "./receive.ts";
import { sendAlert } from "./send_alert.ts";
import type { World } from "./world.ts";

/** As many purchases as one call may take: the platform allows 2 seconds of CPU (its limits page). */
const mostPurchases = 100;

/** Enough at once to make the calls Cryptlex allows, though each takes its time to be answered. */
const sideBySide = 8;

/**
 * No purchase is begun after this, milliseconds: the last may take most of a lease, and the platform
 * waits 150 seconds for an answer.
 */
const longestMs = 45_000;

/**
 * Converges due purchases, the longest waiting first, at the pace Cryptlex allows. Returns how many
 * events ended which way. Rejects with the first `LedgerError`, once what was begun is done.
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
  const hasTime = (ms = 0) => performance.now() - startedMs + ms < longestMs;
  const workers: Promise<void>[] = [];
  let active = 0;
  let begun = 0;
  let waits = false;
  // Nobody may reject unheard while another is waited for: that ends a Deno process.
  const failures: unknown[] = [];

  async function work(): Promise<void> {
    active++;
    try {
      while (begun < mostPurchases && hasTime() && failures.length === 0) {
        begun++;
        const claimedAtMs = performance.now();
        // Once a drain is enough: what has just failed must not keep the others waiting.
        const { claim, waitSeconds, unread } = await world.ledger.claimDue({
          ignoreBackoff,
          except: tried,
        });
        // One of them is enough to read what could not be read, and to wait.
        const reads = unread !== null && active === 1;
        if (claim !== null) {
          tried.push(claim.purchaseId);
          // Where there is one there may be more.
          if (active < sideBySide) workers.push(work());
          const tally = await converge(claim, world, { claimedAtMs, takesOther: false });
          total.settled += tally.settled;
          total.retrying += tally.retrying;
          total.parked += tally.parked;
        }
        if (reads) await receive(unread, world, background);
        if (claim !== null || reads) continue;
        begun--;
        if (waits || waitSeconds === null || !hasTime(waitSeconds * 1000)) break;
        waits = true;
        await world.delay(waitSeconds * 1000);
        waits = false;
      }
    } catch (error) {
      failures.push(error);
    } finally {
      active--;
    }
  }

  workers.push(work());
  for (const worker of workers) await worker;
  if (failures.length > 0) throw failures[0];
  background.run(sendAlert(world));
  return total;
}
