// What is noted of licenses once they are as they are wanted. Pure but for the map it writes.

import type { Slot } from "./assign_slots.ts";
import type { DesiredLicense } from "./decide.ts";
import { aligned } from "./expiry_step.ts";
import type { KnownLicense } from "./known_license.ts";
import { planFields } from "./license_fields.ts";
import { holdersOf, isIn } from "./steps.ts";

/** Notes what each license now stands for and lasts until, for the next change to be seen. */
export function rememberLicenses(
  licenses: Map<string, KnownLicense>,
  desired: readonly DesiredLicense[],
): void {
  rememberMappings(licenses, desired);
  for (const [licenseId, license] of licenses) {
    // Nothing is about to be written any more.
    licenses.set(licenseId, { ...license, writing: null, intervalChange: null });
  }
  for (const wanted of desired) {
    for (const license of holdersOf(wanted, [...licenses.values()])) {
      licenses.set(license.licenseId, asWanted(license, wanted));
    }
  }
}

/** What was found as it is wanted counts as ours, and an ending is taken back. */
function asWanted(license: KnownLicense, { fields, expiresAt }: DesiredLicense): KnownLicense {
  const { wrote } = planFields(license, fields.revoked ? { revoked: true } : fields);
  const now = { ...license, wrote, endedAt: null };
  return expiresAt === null ? now : aligned(now, expiresAt);
}

/** Notes on each license in a slot what it now stands for, so that the next change shows. */
export function rememberMappings(
  licenses: Map<string, KnownLicense>,
  slots: readonly Slot[],
): void {
  for (const license of licenses.values()) {
    const slot = slots.find((one) => isIn(one, license));
    if (slot !== undefined) licenses.set(license.licenseId, withMapping(license, slot));
  }
}

/** The license with what the slot it holds now stands for; one that is only followed as it was. */
export function withMapping(license: KnownLicense, slot: Slot): KnownLicense {
  const { target, terms, seats, mappedBy, remapped, isFollowed } = slot;
  if (isFollowed) return license;
  // A license of the whole is one of the whole until it is mapped anew.
  const isWhole = !remapped && license.stripeItemId === null;
  const stripeItemId = isWhole ? null : target.itemId;
  // The item it stands for is noted once it was seen: invoices tell none of its metadata.
  const left = license.stripeItemId === stripeItemId ? null : license.stripeItemId;
  // What it stood for before it was mapped anew has no more to say of it.
  const before = remapped && target.itemId !== null
    ? []
    : [...license.coveredItems ?? [], left].filter((id) => id !== null);
  return {
    ...license,
    seats,
    mappedBy,
    licenseTemplateId: terms.licenseTemplateId ?? license.licenseTemplateId,
    stripeItemId,
    coveredItems: [...new Set([...before, ...target.covers])].sort(),
    stripePriceId: slot.stripePriceId ?? license.stripePriceId,
    stripeProductId: slot.stripeProductId ?? license.stripeProductId,
  };
}
