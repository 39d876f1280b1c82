// Makes a licence of a request and a template. Checks nothing, stores nothing.

import type { Account } from "./account.ts";
import type { LicenseSettings, SandboxLicense, SandboxLicenseTemplate } from "./dto.ts";
import type { LicenseRequest } from "./license_request.ts";
import { firstExpiry } from "./license_terms.ts";
import { timestamp } from "./timestamp.ts";
import { writeMetadata } from "./write_fields.ts";

/** The licence `body` describes; what it leaves out comes from `template`. */
export function buildLicense(
  account: Account,
  body: LicenseRequest,
  template: SandboxLicenseTemplate,
): SandboxLicense {
  const now = account.stamp();
  const settings = settingsOf(body, template);
  const dates = {
    createdAt: body.createdAt ? timestamp(new Date(body.createdAt)) : now,
    effectiveDate: body.effectiveDate ? timestamp(new Date(body.effectiveDate)) : null,
    subscriptionInterval: settings.subscriptionInterval || null,
    subscriptionStartTrigger: settings.subscriptionStartTrigger,
  };
  return {
    id: crypto.randomUUID(),
    updatedAt: now,
    key: body.key ?? generateKey(),
    revoked: body.revoked ?? false,
    suspended: body.suspended ?? false,
    totalActivations: 0,
    totalDeactivations: 0,
    ...settings,
    disableClockValidation: body.disableClockValidation ?? false,
    ...dates,
    ...firstExpiry(account, dates, body.expiresAt),
    activatedAt: null,
    lastUsedAt: null,
    notes: body.notes ?? null,
    productId: body.productId,
    productVersionId: body.productVersionId || null,
    entitlementSetId: body.entitlementSetId || null,
    maintenancePolicyId: body.maintenancePolicyId || null,
    maintenanceExpiresAt: null,
    currentReleaseVersion: null,
    maxAllowedReleaseVersion: body.maxAllowedReleaseVersion ?? null,
    organizationId: body.organizationId || null,
    organization: null,
    userId: body.userId || null,
    user: null,
    resellerId: body.resellerId || null,
    reseller: null,
    additionalUserIds: body.additionalUserIds ?? [],
    metadata: writeMetadata(account, [], body.metadata ?? []),
    meterAttributes: [],
    tags: body.tags ?? [],
  };
}

function settingsOf(body: LicenseRequest, template: SandboxLicenseTemplate): LicenseSettings {
  const {
    id: _id,
    createdAt: _createdAt,
    updatedAt: _updatedAt,
    name: _name,
    keyPattern: _keyPattern,
    requiredMetadataKeys: _requiredMetadataKeys,
    requiredMeterAttributes: _requiredMeterAttributes,
    ...inherited
  } = template;
  const given: Partial<LicenseSettings> = Object.fromEntries(
    Object.entries(body).filter(([name, value]) => name in inherited && value !== null),
  );
  return { ...inherited, ...given };
}

/** A key of the documented default shape: six groups of six hexadecimal digits. */
function generateKey(): string {
  const bytes = crypto.getRandomValues(new Uint8Array(18));
  const digits = Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
  return (digits.toUpperCase().match(/.{6}/g) ?? []).join("-");
}
