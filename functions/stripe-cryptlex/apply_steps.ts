// Takes the steps, one license after the other, and keeps what came of each. Decides nothing.

import { changeInterval, putBackExpiry } from "./change_interval.ts";
import { type CreateContext, createLicense } from "./create_license.ts";
import { CryptlexAnsweredError } from "./cryptlex_errors.ts";
import { expiryStep } from "./expiry_step.ts";
import type { KnownLicense } from "./known_license.ts";
import { type MoveContext, moveExpiry } from "./move_expiry.ts";
import { deleted } from "./outcome.ts";
import { getIfThere } from "./read_licenses.ts";
import { withMapping } from "./remember_licenses.ts";
import { setFields } from "./set_fields.ts";
import type { Work } from "./settlement.ts";
import type { Step } from "./steps.ts";
import { PartDoneError } from "./trouble.ts";

/** What taking steps needs. */
export type ApplyContext = MoveContext & CreateContext & {
  readonly work: Pick<Work, "calls" | "licenses" | "outcomes" | "isFresh">;
  readonly now: Date;
};

/** After so many calls what was done is written down: a death then costs a part, not the whole. */
const callsAPart = 20;

/**
 * Takes every step it can. A refusal stops only the step it is about and, when a license could not be
 * made, or made valid again, the ending of the one it is to replace; the first refusal is thrown at
 * the end. Any other error is thrown at once: `PartDoneError` when there is more to do than fits one
 * part, what is about to be changed is to be written down first, or another license is to be made
 * for one we had ended, which was deleted since.
 */
export async function applySteps(steps: readonly Step[], context: ApplyContext): Promise<void> {
  const refusals: CryptlexAnsweredError[] = [];
  const lacking = new Set<string>();
  const announced = new Set<string>();
  let taken = 0;
  let unfinished: string | null = null;
  for (const step of steps) {
    if (taken > 0 && context.work.calls.length >= callsAPart) {
      throw new PartDoneError(`After ${callsAPart} calls the rest is for the next part`, true);
    }
    if (isLeft(step, { context, lacking, announced })) continue;
    try {
      const callsBefore = context.work.calls.length;
      const isAnnounced = await applyStep(step, context) === "announced";
      if (isAnnounced) unfinished = "What is to be changed is written down first";
      if (isAnnounced && step.kind !== "create") announced.add(step.license.licenseId);
      // What was read for an announcement need not be read again once that is written down.
      if (!isAnnounced || context.work.calls.length > callsBefore) taken++;
    } catch (error) {
      if (!(error instanceof CryptlexAnsweredError) || error.retryable) throw error;
      const slot = slotToBeFilled(step);
      if (slot !== null) lacking.add(slot);
      if (step.kind === "create" || !(await isDeleted(step.license, error, context))) {
        refusals.push(error);
      } else if (slot !== null && step.license.endedAt !== null) {
        unfinished = "What was to be taken up again is deleted: another is to be made";
      }
    }
  }
  if (unfinished !== null) throw new PartDoneError(unfinished, true);
  if (refusals[0] !== undefined) throw refusals[0];
}

/** The slot that is to hold a valid license by this step; null: it is about something else. */
function slotToBeFilled(step: Step): string | null {
  if (step.kind === "create") return step.desired.slot;
  return step.kind === "set_fields" && step.wanted.revoked === false ? step.license.slot : null;
}

/**
 * A license that is gone, or whose successor could not be made; the date of one whose interval is
 * about to be changed, as that may move it; and the first date of one with any announced change: a
 * dated license is no longer mapped anew, so the change would be forgotten.
 */
function isLeft(
  step: Step,
  { context, lacking, announced }: {
    context: ApplyContext;
    lacking: ReadonlySet<string>;
    announced: ReadonlySet<string>;
  },
): boolean {
  if (step.kind === "create") return false;
  if (step.kind === "end" && step.successor !== null && lacking.has(step.successor)) return true;
  const { licenseId, goneAt, wroteExpiresAt, intervalChange } = latest(step.license, context);
  const waits = announced.has(licenseId) && (wroteExpiresAt === null || intervalChange !== null);
  return goneAt !== null || (step.kind === "expiry" && waits);
}

async function applyStep(step: Step, context: ApplyContext): Promise<"done" | "announced"> {
  switch (step.kind) {
    case "create":
      await createLicense(step.desired, context);
      return "done";
    case "expiry":
      await date(step, context);
      return "done";
    case "set_interval":
      return await changeInterval(latest(step.license, context), step.interval, context);
    case "put_back":
      return await putBackExpiry(latest(step.license, context), step.expiresAt, context);
    case "set_fields":
      return await setFields(latest(step.license, context), step, context);
    case "end":
      return await end(latest(step.license, context), context);
  }
}

/**
 * Dated, a license is no longer mapped anew: what it stands for is noted with its first date. Where a
 * step before this one found another date than was known, the move is reckoned from that.
 */
async function date(
  { license: planned, step, desired }: Step & { kind: "expiry" },
  context: ApplyContext,
): Promise<void> {
  const license = latest(planned, context);
  const isAsPlanned = license.expiresAt?.getTime() === planned.expiresAt?.getTime();
  const left = isAsPlanned ? step : expiryStep(license, step.expiresAt, { mayRenew: false });
  if (left !== null) await moveExpiry(license, left, context);
  if (license.wroteExpiresAt !== null) return;
  const dated = latest(license, context);
  context.work.licenses.set(license.licenseId, withMapping(dated, desired));
}

async function end(license: KnownLicense, context: ApplyContext): Promise<"done" | "announced"> {
  const { licenseId } = license;
  const reason = "nobody has bought it any more";
  // Revoked by us before and valid again since: an end is an end all the same.
  const revoked = license.wrote.revoked && license.seen.revoked;
  const known = { ...license, wrote: { ...license.wrote, revoked } };
  const came = await setFields(known, { wanted: { revoked: true }, reason }, context);
  if (came === "done") {
    const ended = { ...latest(license, context), endedAt: context.now };
    context.work.licenses.set(licenseId, ended);
  }
  return came;
}

/** As an earlier step of this run left it. */
function latest(license: KnownLicense, { work }: ApplyContext): KnownLicense {
  return work.licenses.get(license.licenseId) ?? license;
}

/** Whether a refusal means that the license is gone: a 404 alone may be about something else. */
async function isDeleted(
  license: KnownLicense,
  refusal: CryptlexAnsweredError,
  context: ApplyContext,
): Promise<boolean> {
  const { cryptlex, now, work } = context;
  if (refusal.status !== 404) return false;
  if (await getIfThere(cryptlex, license.licenseId) !== null) return false;
  work.licenses.set(license.licenseId, { ...latest(license, context), goneAt: now });
  work.outcomes.push(deleted(license.licenseId));
  return true;
}
