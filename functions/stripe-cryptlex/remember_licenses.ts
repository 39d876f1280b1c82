// What is noted of licenses once they are as they are wanted. Pure but for the map it writes.

import type { DesiredLicense } from "./decide.ts";
import { aligned } from "./expiry_step.ts";
import type { KnownLicense } from "./known_license.ts";
import { planFields } from "./license_fields.ts";
import { rememberMappings } from "./slots.ts";
import { holdersOf } from "./steps.ts";

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
    for (const license of holdersOf(wanted.slot, [...licenses.values()])) {
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
