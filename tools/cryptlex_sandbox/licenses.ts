// What happens to licences but their dates: create, patch. Bodies arrive validated.

import type { Account } from "./account.ts";
import { buildLicense } from "./build_license.ts";
import type { SandboxLicense } from "./dto.ts";
import {
  requireFreeKey,
  requireReferences,
  requireTemplate,
  templateOf,
} from "./license_checks.ts";
import type { LicensePatch, LicenseRequest } from "./license_request.ts";
import { requireUsableDate } from "./license_terms.ts";
import { fieldsToWrite, writeMetadata } from "./write_fields.ts";

const EMPTY = {
  notes: null,
  userId: null,
  resellerId: null,
  organizationId: null,
  productVersionId: null,
  entitlementSetId: null,
  maintenancePolicyId: null,
  maxAllowedReleaseVersion: null,
  additionalUserIds: [],
  allowedIpRanges: [],
  allowedIpAddresses: [],
  disallowedIpAddresses: [],
  allowedCountries: [],
  disallowedCountries: [],
  tags: [],
  metadata: [],
};

/**
 * The licence `body` describes, stored. What it leaves out comes from the template.
 *
 * @throws {Refusal} on an unknown id, a key that is taken or misshapen, missing required entries.
 */
export function createLicense(account: Account, body: LicenseRequest): SandboxLicense {
  const template = templateOf(account, body);
  requireReferences(account, body, body.productId);
  requireFreeKey(account, body.key, { status: account.switches.duplicateStatus });
  requireTemplate(account, body, template);
  requireUsableDate(account, body.expiresAt);
  const license = buildLicense(account, body, template);
  account.putLicense(license, "lagging");
  return license;
}

/**
 * `license` with `body` written over it, stored.
 *
 * @throws {Refusal} on an unknown id, and 400 for a key that is taken (PATCH declares no 409).
 */
export function patchLicense(
  account: Account,
  license: SandboxLicense,
  body: LicensePatch,
): SandboxLicense {
  requireReferences(account, body, license.productId);
  requireFreeKey(account, body.key, { status: 400, owner: license.id });
  const { meterAttributes: _notKept, ...kept } = body;
  const old = account.switches.patchMetadata === "merged" ? license.metadata : [];
  const entries = { metadata: body.metadata && writeMetadata(account, old, body.metadata) };
  const patched = {
    ...license,
    ...fieldsToWrite({ ...kept, ...entries }, EMPTY, account.switches),
    updatedAt: account.stamp(),
  };
  account.putLicense(patched);
  return patched;
}
