// Takes the steps, one license after the other, and keeps what came of each. Decides nothing.

import type { License, MetadataEntry } from "./cryptlex_payloads.ts";
import { CryptlexAnsweredError } from "./cryptlex_errors.ts";
import type { DesiredLicense } from "./decide.ts";
import { heard } from "./heard.ts";
import { asSeen, type KnownLicense } from "./known_license.ts";
import { type MoveContext, moveExpiry } from "./move_expiry.ts";
import { deleted, until } from "./outcome.ts";
import { getIfThere } from "./read_licenses.ts";
import type { Work } from "./settlement.ts";
import type { Step } from "./steps.ts";
import { PartDoneError } from "./trouble.ts";

/** Where the user of a new license comes from. */
export type UserSource = {
  /** The known user, or one found or made; with its link to the Stripe customer, if it is new. */
  get(): Promise<string>;
  /** Forgets the known user if Cryptlex no longer has it; false: it has, or none was known. */
  forgetIfGone(): Promise<boolean>;
};

/** What taking steps needs besides moving dates. */
export type ApplyContext = MoveContext & {
  readonly work: Pick<Work, "calls">;
  readonly users: UserSource;
  readonly metadata: (desired: DesiredLicense) => MetadataEntry[];
  readonly now: Date;
};

/** After so many calls what was done is written down: a death then costs a part, not the whole. */
const callsAPart = 20;

/**
 * Takes every step it can. A refusal stops only the license it is about and, when a license could
 * not be made, the endings of those it may replace; the first refusal is thrown at the end. Any
 * other error is thrown at once: `PartDoneError` when there is more to do than fits one part.
 */
export async function applySteps(steps: readonly Step[], context: ApplyContext): Promise<void> {
  const refusals: CryptlexAnsweredError[] = [];
  const refused = new Set<string>();
  let lacksLicense = false;
  let taken = 0;
  let announces = false;
  for (const step of steps) {
    if (taken > 0 && context.work.calls.length >= callsAPart) {
      throw new PartDoneError(`After ${callsAPart} calls the rest is for the next part`, true);
    }
    const about = step.kind === "create" ? step.desired.slot : step.license.licenseId;
    if (refused.has(about) || (step.kind === "end" && lacksLicense)) continue;
    if (step.kind === "end" && !step.license.wroteRevoked) {
      announceEnding(step.license, context);
      announces = true;
      continue;
    }
    try {
      await applyStep(step, context);
      taken++;
    } catch (error) {
      if (!(error instanceof CryptlexAnsweredError) || error.retryable) throw error;
      refused.add(about);
      lacksLicense ||= step.kind === "create";
      if (step.kind === "create" || !(await isDeleted(step.license, error, context))) {
        refusals.push(error);
      }
    }
  }
  if (announces) throw new PartDoneError("An ending is written down before it is made", true);
  if (refusals[0] !== undefined) throw refusals[0];
}

/** Else, after a death or a lost answer, nobody could tell our ending from an operator's. */
function announceEnding(license: KnownLicense, context: ApplyContext): void {
  const { work } = context;
  work.licenses.set(license.licenseId, { ...latest(license, context), wroteRevoked: true });
}

async function applyStep(step: Step, context: ApplyContext): Promise<void> {
  const { cryptlex, work } = context;
  switch (step.kind) {
    case "create":
      return await create(step.desired, context);
    case "expiry":
      return await moveExpiry(latest(step.license, context), step.step, context);
    case "set_entitlement_set": {
      const { licenseId } = step.license;
      const license = await heard(
        cryptlex.setEntitlementSet(licenseId, step.entitlementSetId),
      );
      work.licenses.set(licenseId, {
        ...asSeen(latest(step.license, context), license),
        entitlementSetId: step.entitlementSetId,
      });
      work.outcomes.push(`license ${licenseId} has entitlement set ${step.entitlementSetId}`);
      return;
    }
    case "revive": {
      const { licenseId } = step.license;
      const license = await heard(cryptlex.setRevoked(licenseId, false));
      work.licenses.set(licenseId, {
        ...asSeen(latest(step.license, context), license),
        wroteRevoked: false,
      });
      work.outcomes.push(`license ${licenseId} is valid again`);
      return;
    }
    case "end": {
      const { licenseId } = step.license;
      const license = await heard(cryptlex.setRevoked(licenseId, true));
      work.licenses.set(licenseId, {
        ...asSeen(latest(step.license, context), license),
        endedAt: context.now,
      });
      work.outcomes.push(`license ${licenseId} revoked: another took its place`);
    }
  }
}

async function create(desired: DesiredLicense, context: ApplyContext): Promise<void> {
  const { users, work } = context;
  let license: License;
  try {
    license = await createFor(await users.get(), desired, context);
  } catch (error) {
    const isRefused = error instanceof CryptlexAnsweredError && !error.retryable;
    if (!isRefused || !(await users.forgetIfGone())) throw error;
    license = await createFor(await users.get(), desired, context);
  }
  work.licenses.set(license.id, createdRow(desired, license));
  work.outcomes.push(`license ${license.id} created${until(license)}`);
}

async function createFor(
  userId: string,
  desired: DesiredLicense,
  { cryptlex, metadata }: ApplyContext,
): Promise<License> {
  return await heard(cryptlex.createLicense({
    ...desired.terms,
    userId,
    expiresAt: desired.expiresAt,
    metadata: metadata(desired),
  }));
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

function createdRow(desired: DesiredLicense, license: License): KnownLicense {
  return {
    licenseId: license.id,
    slot: desired.slot,
    origin: "created",
    cryptlexProductId: desired.terms.productId,
    licenseTemplateId: desired.terms.licenseTemplateId,
    entitlementSetId: desired.terms.entitlementSetId,
    mappedBy: desired.mappedBy,
    stripeItemId: desired.target.itemId,
    stripePriceId: desired.target.priceId,
    stripeProductId: desired.target.productId,
    userId: license.userId,
    subscriptionInterval: license.subscriptionInterval,
    expiresAt: license.expiresAt,
    wroteExpiresAt: desired.expiresAt === null ? null : license.expiresAt,
    perpetual: license.perpetual,
    suspended: license.suspended,
    revoked: license.revoked,
    wroteRevoked: false,
    endedAt: null,
    goneAt: null,
  };
}
