// Cryptlex as one convergence calls it: every call accounted for, none outside the lease.

import type { Claim } from "./claim.ts";
import type { Purchase } from "./purchase.ts";
import type { World } from "./world.ts";
import { createCryptlex, type Cryptlex } from "./cryptlex.ts";
import type { Work } from "./settlement.ts";
import { PartDoneError } from "./trouble.ts";

/**
 * A client that writes every call down in `work` and the log, and starts none that could outlast the
 * lease: then it throws `PartDoneError`.
 */
export function watchedCryptlex(
  claim: Claim,
  work: Pick<Work, "calls" | "outcomes" | "purchase">,
  { world, claimedAtMs }: { world: World; claimedAtMs: number },
): Cryptlex {
  const lastStartMs = claimedAtMs + world.leaseSeconds * 1000 - 3 * world.cryptlex.timeoutMs;
  return createCryptlex({ ...world.cryptlex, names: namesOf(work.purchase) }, {
    before() {
      if (performance.now() > lastStartMs) {
        throw new PartDoneError(
          "The lease has no time left for another call",
          work.outcomes.length > 0,
        );
      }
    },
    after(call) {
      work.calls.push(call);
      const { action, licenseId, status, ms, error } = call;
      world.log({
        action,
        purchase_id: claim.purchaseId,
        license_id: licenseId,
        status,
        ms,
        error,
      });
    },
  });
}

/** What its buyer is called; of one without a name the user is called by the e-mail address. */
function namesOf({ name, company, email }: Purchase): string[] {
  return [name?.value, company?.value, email?.value.split("@")[0]]
    .filter((one) => one !== undefined);
}
