// Writing down what was done, while the lease lasts. It is safe to repeat: only the first counts.

import { errorMessage } from "./log.ts";
import type { Claim } from "./claim.ts";
import type { World } from "./world.ts";
import { LedgerError, type Settlement, type Takes } from "./ledger.ts";
import { parkedInstead } from "./settlement.ts";

/** How long to wait before each further try, milliseconds: about half a minute in all. */
const furtherTriesMs = [200, 1_000, 5_000, 20_000];

/** What was written down in the end, and the next claim. */
export type Written = {
  readonly settled: boolean;
  readonly claim: Claim | null;
  readonly done: Settlement;
};

/**
 * Settles, trying again when the database fails. `settled` false: another worker has the purchase
 * by now, or the database stayed away; the lease runs out, and the next worker reads first.
 */
export async function settle(
  claim: Claim,
  settlement: Settlement,
  { ledger, log, delay, takes = "news" }: Pick<World, "ledger" | "log" | "delay"> & {
    readonly takes?: Takes;
  },
): Promise<Written> {
  let done = settlement;
  for (const pauseMs of [...furtherTriesMs, null]) {
    const started = performance.now();
    try {
      const { refused, ...answer } = await ledger.settle(claim, done, { takes });
      log({
        action: answer.settled || refused !== null ? "settle" : "settle_stale",
        purchase_id: claim.purchaseId,
        attempts: claim.attempts,
        ms: Math.round(performance.now() - started),
        error: refused ?? done.lastError,
      });
      if (refused === null) return { ...answer, done };
      done = parkedInstead(settlement, `Cannot write down what was done: ${refused}`);
    } catch (error) {
      log({
        action: "settle",
        purchase_id: claim.purchaseId,
        ms: Math.round(performance.now() - started),
        error: errorMessage(error),
      });
      // It will not take this however often it is asked: a person has to see it.
      if (error instanceof LedgerError && error.refusesData) {
        done = parkedInstead(settlement, error.message);
      }
    }
    if (pauseMs !== null) await delay(pauseMs);
  }
  return { settled: false, claim: null, done };
}
