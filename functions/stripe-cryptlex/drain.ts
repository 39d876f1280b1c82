// Works off what is due: what was left by a failure, a death, a rehearsal, or asked for again.

import type { Background } from "./background.ts";
import { converge, longestMs, type Tally } from "./converge.ts";
import { errorMessage } from "./log.ts";
import { receive } from "./receive.ts";
import { sendAlert } from "./send_alert.ts";
import type { World } from "./world.ts";

/** As many purchases as one call may take: the platform allows 2 seconds of CPU (its limits page). */
const mostPurchases = 100;

/** Enough at once to make the calls Cryptlex allows, though each takes its time to be answered. */
const sideBySide = 8;

/** So often the database may fail one drain: more is no accident of one purchase. */
const mostFailures = 3;

/**
 * Converges due purchases, the longest waiting first, at the pace Cryptlex allows. Returns how many
 * events ended which way.
 *
 * `ignoreBackoff` tries what failed before its time has come, but never what must stay quiet.
 *
 * @throws {LedgerError} the database failed again and again; what was begun is done.
 */
export async function drain(
  world: World,
  { background, ignoreBackoff }: { background: Background; ignoreBackoff: boolean },
): Promise<Tally> {
  const total: Tally = { settled: 0, retrying: 0, parked: 0 };
  const startedMs = performance.now();
  const hasTime = (ms = 0) => performance.now() - startedMs + ms < longestMs;
  const tried: string[] = [];
  const failures: unknown[] = [];
  const workers: Promise<void>[] = [];
  let active = 0;
  let begun = 0;
  let waits = false;
  const unreadable = new Set<string>();

  /** Takes up one purchase, reads one event again, or waits; false: there is nothing to begin. */
  async function takeUp(): Promise<boolean> {
    begun++;
    const claimedAtMs = performance.now();
    // Once a drain is enough: what has just failed must not keep the others waiting.
    const { claim, waitSeconds, unread } = await world.ledger.claimDue({
      ignoreBackoff,
      except: [...tried, ...unreadable],
    });
    if (claim !== null) {
      tried.push(claim.purchaseId);
      // Where there is one there may be more.
      if (active < sideBySide) workers.push(work());
      const tally = await converge(claim, world, { startedMs, claimedAtMs, takesOther: false });
      total.settled += tally.settled;
      total.retrying += tally.retrying;
      total.parked += tally.parked;
    }
    // One of them is enough to read what could not be read, and to wait.
    const eventId = unreadId(unread);
    const reads = eventId !== null && !unreadable.has(eventId) && active === 1;
    if (reads) await readAgain(unread, eventId);
    if (claim !== null || reads) return true;
    begun--;
    if (waits || waitSeconds === null || !hasTime(waitSeconds * 1000)) return false;
    waits = true;
    await world.delay(waitSeconds * 1000);
    waits = false;
    return true;
  }

  /** One that cannot be recorded is left to the next drain, and lets others come. */
  async function readAgain(unread: unknown, eventId: string): Promise<void> {
    try {
      await receive(unread, world, background);
    } catch (error) {
      unreadable.add(eventId);
      world.log({ action: "read_again", error: errorMessage(error) });
    }
  }

  // Never rejects: unheard while another worker is waited for, that would end a Deno process.
  async function work(): Promise<void> {
    active++;
    let goesOn = true;
    while (goesOn && begun < mostPurchases && hasTime() && failures.length < mostFailures) {
      try {
        goesOn = await takeUp();
      } catch (error) {
        failures.push(error);
        world.log({ action: "claim_due", error: errorMessage(error) });
      }
    }
    active--;
  }

  workers.push(work());
  for (const worker of workers) await worker;
  if (failures.length >= mostFailures) throw failures[0];
  background.run(sendAlert(world));
  return total;
}

/** The id of an event that was recorded, so that it has one; null: there is none. */
function unreadId(unread: unknown): string | null {
  return typeof unread === "object" && unread !== null && "id" in unread ? String(unread.id) : null;
}
