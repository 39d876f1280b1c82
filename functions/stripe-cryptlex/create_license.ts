// Makes one license that is wanted and not there. Decides nothing.

import { CryptlexAnsweredError } from "./cryptlex_errors.ts";
import type { Cryptlex } from "./cryptlex.ts";
import type { License, MetadataEntry } from "./cryptlex_payloads.ts";
import type { DesiredLicense } from "./decide.ts";
import { markUnheard } from "./mark_unheard.ts";
import type { KnownLicense } from "./known_license.ts";
import { until } from "./outcome.ts";
import type { Work } from "./settlement.ts";

/** Where the user of a new license comes from. */
export type UserSource = {
  /** The known user, or one found or made; with its link to the Stripe customer, if it is new. */
  get(): Promise<string>;
  /** Forgets the known user if Cryptlex no longer has it; false: it has, or none was known. */
  forgetIfGone(): Promise<boolean>;
};

/** What making a license needs; `work` keeps what came of it. */
export type CreateContext = {
  readonly cryptlex: Cryptlex;
  readonly work: Pick<Work, "licenses" | "outcomes">;
  readonly users: UserSource;
  readonly metadata: (desired: DesiredLicense) => MetadataEntry[];
};

/** Makes the license; a user that is gone from Cryptlex is forgotten and another tried once. */
export async function createLicense(
  desired: DesiredLicense,
  context: CreateContext,
): Promise<void> {
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
  { cryptlex, metadata }: CreateContext,
): Promise<License> {
  const { allowedActivations, allowedFloatingClients } = desired.fields;
  return await markUnheard(cryptlex.createLicense({
    ...desired.terms,
    userId,
    expiresAt: desired.expiresAt,
    counts: {
      ...(allowedActivations === undefined ? {} : { allowedActivations }),
      ...(allowedFloatingClients === undefined ? {} : { allowedFloatingClients }),
    },
    metadata: metadata(desired),
  }));
}

function createdRow(desired: DesiredLicense, license: License): KnownLicense {
  const { terms, target } = desired;
  return {
    licenseId: license.id,
    slot: desired.slot,
    origin: "created",
    cryptlexProductId: terms.productId,
    licenseTemplateId: terms.licenseTemplateId,
    seats: desired.seats,
    mappedBy: desired.mappedBy,
    stripeItemId: target.itemId,
    coveredItems: target.covers,
    stripePriceId: desired.stripePriceId,
    stripeProductId: desired.stripeProductId,
    userId: license.userId,
    subscriptionInterval: license.subscriptionInterval,
    intervalChange: null,
    expiresAt: license.expiresAt,
    wroteExpiresAt: desired.expiresAt === null ? null : license.expiresAt,
    perpetual: license.perpetual,
    seen: license.fields,
    wrote: license.fields,
    writing: null,
    endedAt: null,
    goneAt: null,
  };
}
