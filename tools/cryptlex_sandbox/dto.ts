// The shapes of the Web API's answers, as its OpenAPI document declares them. No behaviour.
// Ids are UUIDs; dates are UTC text with seven decimals. Records are never changed in place.

/** Who may see a metadata entry (ViewPermission). */
export type ViewPermission = "activation" | "reseller" | "organization" | "user";

/** AdminMetadataDto. */
export type SandboxMetadata = {
  readonly id: string;
  readonly createdAt: string;
  readonly updatedAt: string;
  readonly key: string;
  readonly value: string;
  readonly viewPermissions: readonly ViewPermission[];
  /** Is it visible on activation? Derived from the permissions. */
  readonly visible: boolean;
};

/** UserDto. */
export type SandboxUser = {
  readonly id: string;
  readonly createdAt: string;
  readonly updatedAt: string;
  readonly name: string;
  readonly firstName: string;
  /** Never null: `""` when none was given. */
  readonly lastName: string;
  readonly email: string;
  readonly role: string;
  readonly roles: readonly string[];
  readonly company: string | null;
  readonly twoFactorEnabled: boolean;
  readonly googleSsoEnabled: boolean;
  readonly lastLoginAt: string | null;
  readonly lastSeenAt: string | null;
  readonly allowCustomerPortalAccess: boolean;
  readonly organizationId: string | null;
  readonly organization: null;
  readonly resellerId: string | null;
  readonly reseller: null;
  readonly metadata: readonly SandboxMetadata[];
  readonly tags: readonly string[];
  readonly emailPreference: { readonly metrics: boolean };
};

/** What a licence takes from its template unless the request says otherwise. */
export type LicenseSettings = {
  readonly fingerprintMatchingStrategy: "fuzzy" | "exact" | "loose";
  readonly type: "node-locked" | "hosted-floating" | "on-premise-floating";
  readonly leasingStrategy: "per-machine" | "per-instance";
  /** 0 and -1 mean unlimited. */
  readonly allowedActivations: number;
  readonly allowedDeactivations: number;
  readonly allowedFloatingClients: number;
  readonly leaseDuration: number;
  readonly allowClientLeaseDuration: boolean;
  readonly serverSyncGracePeriod: number;
  readonly serverSyncInterval: number;
  readonly allowedClockOffset: number;
  readonly cryptoBindingEnabled: boolean;
  readonly expiringSoonEventOffset: number;
  readonly allowVmActivation: boolean;
  readonly allowContainerActivation: boolean;
  readonly userLocked: boolean;
  readonly requireAuthentication: boolean;
  readonly disableGeoLocation: boolean;
  readonly allowedIpRanges: readonly string[];
  readonly allowedIpAddresses: readonly string[];
  readonly disallowedIpAddresses: readonly string[];
  readonly allowedCountries: readonly string[];
  readonly disallowedCountries: readonly string[];
  /** Seconds; deprecated: kept, never acted on. */
  readonly validity: number | null;
  /** Deprecated: kept, never acted on. */
  readonly expirationStrategy: "immediate" | "delayed" | "rolling" | null;
  /** ISO-8601 duration; `null` for a perpetual licence. */
  readonly subscriptionInterval: string | null;
  readonly subscriptionStartTrigger: "creation" | "activation";
};

/** LicenseDto. `expiresAt` null means perpetual or not yet activated: `perpetual` tells which. */
export type SandboxLicense = LicenseSettings & {
  readonly id: string;
  readonly createdAt: string;
  readonly updatedAt: string;
  readonly key: string;
  readonly revoked: boolean;
  readonly suspended: boolean;
  readonly perpetual: boolean;
  readonly totalActivations: number;
  readonly totalDeactivations: number;
  readonly disableClockValidation: boolean;
  readonly effectiveDate: string | null;
  readonly expiresAt: string | null;
  readonly activatedAt: string | null;
  readonly lastUsedAt: string | null;
  readonly notes: string | null;
  readonly productId: string;
  readonly productVersionId: string | null;
  readonly entitlementSetId: string | null;
  readonly maintenancePolicyId: string | null;
  readonly maintenanceExpiresAt: string | null;
  readonly currentReleaseVersion: string | null;
  readonly maxAllowedReleaseVersion: string | null;
  readonly organizationId: string | null;
  readonly organization: null;
  readonly userId: string | null;
  readonly user: SandboxUser | null;
  readonly resellerId: string | null;
  readonly reseller: null;
  readonly additionalUserIds: readonly string[];
  readonly metadata: readonly SandboxMetadata[];
  /** Always empty: meters are checked and required as the template says, never kept. */
  readonly meterAttributes: readonly never[];
  readonly tags: readonly string[];
};

/** LicensePolicyDto, the API's old name for a licence template. */
export type SandboxLicenseTemplate = LicenseSettings & {
  readonly id: string;
  readonly createdAt: string;
  readonly updatedAt: string;
  readonly name: string;
  readonly keyPattern: string;
  readonly requiredMetadataKeys: readonly string[];
  readonly requiredMeterAttributes: readonly string[];
};

/** ProductDto. */
export type SandboxProduct = {
  readonly id: string;
  readonly createdAt: string;
  readonly updatedAt: string;
  readonly name: string;
  readonly displayName: string;
  readonly description: string;
  readonly publicKey: string;
  readonly totalLicenses: number;
  readonly totalTrialActivations: number;
  readonly totalReleases: number;
  readonly totalProductVersions: number;
  readonly totalFeatureFlags: number;
  /** Mails Cryptlex sends by itself for this product. */
  readonly automatedEmails: readonly string[];
  readonly licenseTemplateId: string;
  readonly trialPolicyId: string;
  readonly metadata: readonly SandboxMetadata[];
};

/** EntitlementSetDto. */
export type SandboxEntitlementSet = {
  readonly id: string;
  readonly createdAt: string;
  readonly updatedAt: string;
  readonly name: string;
  readonly displayName: string;
  readonly description: string | null;
  readonly tier: number;
  /** The products it may be used with. */
  readonly productIds: readonly string[];
};
