// Takes one license to its date. Looks before it writes over a date somebody may have moved.

import type { Cryptlex } from "./cryptlex.ts";
import type { License } from "./cryptlex_payloads.ts";
import { CryptlexAnsweredError } from "./cryptlex_errors.ts";
import { correctsRenewal, type ExpiryStep, expiryStep } from "./expiry_step.ts";
import { markUnheard } from "./mark_unheard.ts";
import { asSeen, type KnownLicense } from "./known_license.ts";
import { until } from "./outcome.ts";
import type { Work } from "./settlement.ts";
import { UncorrectedRenewalError } from "./trouble.ts";

/** What moving a date needs; `work` keeps what came of it, also of a half-done move. */
export type MoveContext = {
  readonly cryptlex: Cryptlex;
  readonly work: Pick<Work, "licenses" | "outcomes" | "isFresh">;
};

/**
 * Takes the step. An exact date is written at once after our own renewal, over a template's date,
 * and over one just read; any other may have been moved since it was last seen: of dates the later
 * one counts, so it is read first.
 */
export async function moveExpiry(
  license: KnownLicense,
  step: ExpiryStep,
  context: MoveContext,
): Promise<void> {
  if (step.kind === "renew") {
    const renewed = await renewUnlessRefused(license.licenseId, context.cryptlex);
    if (renewed !== null) return await finishRenewal(license, { step, renewed }, context);
  }
  const isKnown = license.wroteExpiresAt === null || context.work.isFresh(license.licenseId);
  if (step.kind === "set_expires_at" && isKnown) {
    return await setExpiresAt(license, step.expiresAt, context);
  }
  const seen = asSeen(license, await context.cryptlex.getLicense(license.licenseId));
  context.work.licenses.set(license.licenseId, seen);
  const still = expiryStep(seen, step.expiresAt, { mayRenew: false });
  if (still !== null) return await setExpiresAt(seen, still.expiresAt, context);
  context.work.outcomes.push(`license ${license.licenseId} is left as it is${until(seen)}`);
}

async function finishRenewal(
  license: KnownLicense,
  { step, renewed }: { step: ExpiryStep & { kind: "renew" }; renewed: License },
  context: MoveContext,
): Promise<void> {
  const { work } = context;
  const seen = asSeen(license, renewed);
  const corrects = correctsRenewal(step, renewed.expiresAt);
  // Not yet what we wrote when it is to be corrected: should that fail, the retry reads and sees it.
  const wrote = corrects ? seen.wroteExpiresAt : renewed.expiresAt;
  work.licenses.set(license.licenseId, { ...seen, wroteExpiresAt: wrote, intervalChange: null });
  if (corrects) {
    return await setExpiresAt(seen, step.expiresAt, context).catch((error) => {
      throw new UncorrectedRenewalError(error);
    });
  }
  work.outcomes.push(`license ${license.licenseId} renewed${until(renewed)}`);
}

/** Writes the exact date. */
export async function setExpiresAt(
  license: KnownLicense,
  expiresAt: Date,
  { cryptlex, work }: MoveContext,
): Promise<void> {
  // Unheard, it may land later and take a newer date back: nobody writes one until it must be over.
  const answer = await markUnheard(cryptlex.setExpiresAt(license.licenseId, expiresAt));
  work.licenses.set(license.licenseId, {
    ...asSeen(license, answer),
    wroteExpiresAt: answer.expiresAt,
    intervalChange: null,
  });
  work.outcomes.push(`license ${license.licenseId} set${until(answer)}`);
}

/** Null: refused, as a perpetual license may be. */
async function renewUnlessRefused(licenseId: string, cryptlex: Cryptlex): Promise<License | null> {
  try {
    return await markUnheard(cryptlex.renewLicense(licenseId));
  } catch (error) {
    const refused = error instanceof CryptlexAnsweredError && !error.retryable &&
      error.status !== 404;
    if (refused) return null;
    throw error;
  }
}
