// The licence bodies the Web API accepts, transcribed from its OpenAPI document. Rules and types only.

import type { SandboxLicense } from "./dto.ts";
import * as rule from "./field_rules.ts";
import type { FieldRules, ValueRule } from "./validate.ts";

const interval: ValueRule = { ...rule.text(0, 256), format: "duration" };
const trigger = rule.choice("creation", "activation");

/** LicenseUpdateRequestModel. */
export const LICENSE_PATCH: FieldRules = {
  key: rule.nullable(rule.text(16, 256)),
  revoked: rule.flag,
  suspended: rule.flag,
  fingerprintMatchingStrategy: rule.nullable(rule.choice("fuzzy", "exact", "loose")),
  allowedActivations: rule.whole(-1),
  allowedDeactivations: rule.whole(-1),
  leaseDuration: rule.whole(-1),
  allowClientLeaseDuration: rule.flag,
  allowedFloatingClients: rule.whole(0),
  serverSyncGracePeriod: rule.whole(-1),
  serverSyncInterval: rule.whole(180),
  allowedClockOffset: rule.whole(-1),
  disableClockValidation: rule.flag,
  cryptoBindingEnabled: rule.flag,
  expiringSoonEventOffset: rule.whole(0),
  allowVmActivation: rule.flag,
  allowContainerActivation: rule.flag,
  disableGeoLocation: rule.flag,
  notes: rule.nullable(rule.text(0, 4096)),
  allowedIpRanges: rule.texts(40),
  allowedCountries: rule.texts(256),
  disallowedCountries: rule.texts(256),
  allowedIpAddresses: rule.texts(256),
  disallowedIpAddresses: rule.texts(256),
  userId: rule.id,
  resellerId: rule.id,
  organizationId: rule.id,
  additionalUserIds: rule.texts(256),
  productVersionId: rule.id,
  entitlementSetId: rule.id,
  maintenancePolicyId: rule.id,
  maxAllowedReleaseVersion: rule.nullable({ type: "string", format: "version" }),
  tags: rule.texts(5),
  metadata: rule.metadata(50),
  meterAttributes: rule.nullable({
    type: "array",
    items: {
      type: "object",
      fields: {
        name: { ...rule.text(1, 256), required: true },
        allowedUses: { type: "integer", min: -1, required: true },
        floating: rule.flag,
        ...rule.visibility,
      },
    },
  }),
};

/** LicenseRequestModel. */
export const LICENSE: FieldRules = {
  ...LICENSE_PATCH,
  productId: { ...rule.text(1, 256), required: true },
  licenseTemplateId: rule.nullable({ type: "string" }),
  licensePolicyId: rule.nullable({ type: "string" }),
  type: rule.nullable(rule.choice("node-locked", "hosted-floating", "on-premise-floating")),
  leasingStrategy: rule.nullable(rule.choice("per-machine", "per-instance")),
  userLocked: rule.flag,
  validity: rule.whole(0),
  expirationStrategy: rule.nullable(rule.choice("immediate", "delayed", "rolling")),
  subscriptionInterval: rule.nullable(interval),
  subscriptionStartTrigger: trigger,
  expiresAt: rule.dateTime,
  effectiveDate: rule.dateTime,
  createdAt: rule.dateTime,
};

/** LicenseIntervalUpdateRequestModel. */
export const LICENSE_SUBSCRIPTION: FieldRules = {
  subscriptionInterval: { ...interval, required: true },
  subscriptionStartTrigger: trigger,
};

/** LicenseExpiresAtUpdateRequestModel. An absent date reads as `null`: perpetual. */
export const LICENSE_EXPIRES_AT: FieldRules = { expiresAt: rule.dateTime };

type Bodies = Omit<SandboxLicense, "metadata" | "meterAttributes"> & {
  readonly metadata: readonly rule.MetadataRequest[];
  readonly meterAttributes: readonly { readonly name: string }[];
};

/** A body that passed `LICENSE_PATCH`: some of a licence's fields, those the rules let through. */
export type LicensePatch = rule.Nullable<Bodies>;

/** A body that passed `LICENSE`. */
export type LicenseRequest = rule.Nullable<Omit<Bodies, "productId">> & {
  readonly productId: string;
  readonly licenseTemplateId?: string | null;
  readonly licensePolicyId?: string | null;
};

/** A body that passed `LICENSE_SUBSCRIPTION`. */
export type SubscriptionRequest = {
  readonly subscriptionInterval: string;
  readonly subscriptionStartTrigger?: "creation" | "activation";
};
