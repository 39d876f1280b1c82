// Takes the steps, one license after the other, and keeps what came of each. Decides nothing.

import type { Cryptlex, License, MetadataEntry } from "./cryptlex.ts";
import { CryptlexAnsweredError, CryptlexUnansweredError } from "./cryptlex_errors.ts";
import type { DesiredLicense } from "./decide.ts";
import { correctsRenewal, type ExpiryStep } from "./expiry_step.ts";
import { asSeen, type KnownLicense } from "./known_license.ts";
import type { Work } from "./settlement.ts";
import type { Step } from "./steps.ts";
import { UnheardError } from "./trouble.ts";

/** Where the user of a new license comes from. */
export type UserSource = {
  /** The known user, or one found or made; with its link to the Stripe customer, if it is new. */
  get(): Promise<string>;
  /** Forgets a known user Cryptlex no longer has; false: there was none to forget. */
  forget(): boolean;
};

export type ApplyContext = {
  readonly cryptlex: Cryptlex;
  readonly users: UserSource;
  readonly metadata: (desired: DesiredLicense) => MetadataEntry[];
  readonly now: Date;
  readonly work: Pick<Work, "licenses" | "outcomes">;
};

/**
 * Takes every step it can. A refusal stops only the license it is about, and the endings of those
 * a refused one was to replace; the first is thrown at the end. Any other error is thrown at once.
 */
export async function applySteps(steps: readonly Step[], context: ApplyContext): Promise<void> {
  const refusals: CryptlexAnsweredError[] = [];
  const refused = new Set<string>();
  for (const step of steps) {
    const about = step.kind === "create" ? step.desired.slot : step.license.licenseId;
    if (refused.has(about) || (step.kind === "end" && refusals.length > 0)) continue;
    try {
      await applyStep(step, context);
    } catch (error) {
      if (!(error instanceof CryptlexAnsweredError) || error.retryable) throw error;
      refused.add(about);
      if (step.kind !== "create" && error.status === 404) markGone(step.license, context);
      else refusals.push(error);
    }
  }
  if (refusals[0] !== undefined) throw refusals[0];
}

async function applyStep(step: Step, context: ApplyContext): Promise<void> {
  const { cryptlex, work } = context;
  switch (step.kind) {
    case "create":
      return await create(step.desired, context);
    case "expiry":
      return await moveExpiry(step.license.licenseId, step.step, context);
    case "set_entitlement_set": {
      const license = await cryptlex.setEntitlementSet(
        step.license.licenseId,
        step.entitlementSetId,
      );
      keep(work, step.license.licenseId, license, { entitlementSetId: step.entitlementSetId });
      work.outcomes.push(`license ${license.id} has entitlement set ${step.entitlementSetId}`);
      return;
    }
    case "end": {
      const license = await cryptlex.setRevoked(step.license.licenseId);
      keep(work, step.license.licenseId, license, { endedAt: context.now });
      work.outcomes.push(`license ${license.id} revoked: another took its place`);
    }
  }
}

async function create(desired: DesiredLicense, context: ApplyContext): Promise<void> {
  const { work, users } = context;
  let license: License;
  try {
    license = await createFor(await users.get(), desired, context);
  } catch (error) {
    // The user remembered may be gone from Cryptlex; a refusal for another reason comes again.
    const maybeGone = error instanceof CryptlexAnsweredError && !error.retryable;
    if (!maybeGone || !users.forget()) throw error;
    license = await createFor(await users.get(), desired, context);
  }
  work.licenses.set(license.id, newRow(desired, license));
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

async function moveExpiry(
  licenseId: string,
  step: ExpiryStep,
  { cryptlex, work }: ApplyContext,
): Promise<void> {
  if (step.kind === "renew") {
    const renewed = await renewUnlessRefused(cryptlex, licenseId);
    if (renewed !== null) {
      const corrects = correctsRenewal(step, renewed.expiresAt);
      // Until it is corrected the date is the interval's, not ours: to be aligned.
      keep(work, licenseId, renewed, { wroteExpiresAt: corrects ? null : renewed.expiresAt });
      if (!corrects) {
        work.outcomes.push(`license ${licenseId} renewed${until(renewed)}`);
        return;
      }
    }
  }
  const license = await cryptlex.setExpiresAt(licenseId, step.expiresAt);
  keep(work, licenseId, license, { wroteExpiresAt: license.expiresAt });
  const verb = step.kind === "renew" ? "renewed" : "set";
  work.outcomes.push(`license ${licenseId} ${verb}${until(license)}`);
}

/** Null: refused, as a perpetual license may be; the exact date does as well. */
async function renewUnlessRefused(cryptlex: Cryptlex, licenseId: string): Promise<License | null> {
  try {
    return await heard(cryptlex.renewLicense(licenseId));
  } catch (error) {
    const refused = error instanceof CryptlexAnsweredError && !error.retryable &&
      error.status !== 404;
    if (refused) return null;
    throw error;
  }
}

/** For calls that must not be repeated: marks "no answer" as "it may have happened". */
async function heard<T>(call: Promise<T>): Promise<T> {
  try {
    return await call;
  } catch (error) {
    throw error instanceof CryptlexUnansweredError ? new UnheardError(error) : error;
  }
}

function keep(
  work: ApplyContext["work"],
  licenseId: string,
  license: License,
  changed: Partial<KnownLicense>,
): void {
  const known = work.licenses.get(licenseId);
  if (known !== undefined) work.licenses.set(licenseId, { ...asSeen(known, license), ...changed });
}

function markGone(license: KnownLicense, { work, now }: ApplyContext): void {
  const known = work.licenses.get(license.licenseId) ?? license;
  work.licenses.set(license.licenseId, { ...known, goneAt: now });
  work.outcomes.push(`license ${license.licenseId} was deleted in Cryptlex; it is not made again`);
}

function newRow(desired: DesiredLicense, license: License): KnownLicense {
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
    endedAt: null,
    goneAt: null,
  };
}

function until(license: License): string {
  if (license.expiresAt !== null) return `, until ${license.expiresAt.toISOString().slice(0, 10)}`;
  return license.perpetual ? ", perpetual" : ", from its activation";
}
