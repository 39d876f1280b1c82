// What an operator configured in Cryptlex before anything is sold: products, licence templates,
// entitlement sets. Seeds in, DTOs out.

import type { SandboxEntitlementSet, SandboxLicenseTemplate, SandboxProduct } from "./dto.ts";

type Seed<T extends { readonly id: string }> = Partial<T> & Pick<T, "id">;

/** A product; what is not given has the emptiest value the API could answer with. */
export type ProductSeed = Seed<SandboxProduct> & Pick<SandboxProduct, "licenseTemplateId">;
/** A licence template; without `subscriptionInterval` its licences are perpetual. */
export type LicenseTemplateSeed = Seed<SandboxLicenseTemplate>;
/** An entitlement set and the products it may be used with. */
export type EntitlementSetSeed =
  & Seed<SandboxEntitlementSet>
  & Pick<SandboxEntitlementSet, "productIds">;

/** All three kinds of seed. */
export type CatalogueSeeds = {
  readonly products?: readonly ProductSeed[];
  readonly licenseTemplates?: readonly LicenseTemplateSeed[];
  readonly entitlementSets?: readonly EntitlementSetSeed[];
};

/** The configuration by id. */
export type Catalogue = {
  readonly products: ReadonlyMap<string, SandboxProduct>;
  readonly licenseTemplates: ReadonlyMap<string, SandboxLicenseTemplate>;
  readonly entitlementSets: ReadonlyMap<string, SandboxEntitlementSet>;
};

/**
 * The catalogue the seeds describe, all of it created at `createdAt`.
 *
 * @throws {RangeError} when a seed points to a template or product that is not seeded.
 */
export function createCatalogue(seeds: CatalogueSeeds, createdAt: string): Catalogue {
  const stamps = { createdAt, updatedAt: createdAt };
  const catalogue = {
    licenseTemplates: byId(seeds.licenseTemplates ?? [], (seed): SandboxLicenseTemplate => ({
      ...stamps,
      ...TEMPLATE_DEFAULTS,
      name: seed.id,
      ...seed,
      subscriptionInterval: seed.subscriptionInterval || null,
    })),
    products: byId(seeds.products ?? [], (seed) => buildProduct(seed, createdAt)),
    entitlementSets: byId(seeds.entitlementSets ?? [], (seed): SandboxEntitlementSet => {
      const name = seed.name ?? seed.id;
      return { ...stamps, name, displayName: name, description: null, tier: 0, ...seed };
    }),
  };
  for (const product of catalogue.products.values()) requireTemplate(catalogue, product);
  for (const { id, productIds } of catalogue.entitlementSets.values()) {
    for (const productId of productIds) {
      requireSeed(catalogue.products, productId, `entitlement set ${id}`);
    }
  }
  return catalogue;
}

/** The product the seed describes. */
export function buildProduct(seed: ProductSeed, createdAt: string): SandboxProduct {
  const name = seed.name ?? seed.id;
  return {
    createdAt,
    updatedAt: createdAt,
    ...PRODUCT_DEFAULTS,
    name,
    displayName: name,
    description: name,
    ...seed,
  };
}

/** @throws {RangeError} when the product points to a template that is not seeded. */
export function requireTemplate(
  { licenseTemplates }: Pick<Catalogue, "licenseTemplates">,
  { id, licenseTemplateId }: ProductSeed,
): void {
  requireSeed(licenseTemplates, licenseTemplateId, `product ${id}`);
}

function byId<S, T extends { readonly id: string }>(seeds: readonly S[], build: (seed: S) => T) {
  return new Map(seeds.map(build).map((record) => [record.id, record] as const));
}

function requireSeed(seeded: ReadonlyMap<string, unknown>, id: string, owner: string) {
  if (!seeded.has(id)) {
    throw new RangeError(`Cannot seed ${owner}: it refers to ${id}, which is not seeded`);
  }
}

const TEMPLATE_DEFAULTS = {
  fingerprintMatchingStrategy: "fuzzy",
  type: "node-locked",
  leasingStrategy: "per-machine",
  allowedActivations: 1,
  allowedDeactivations: 10,
  allowedFloatingClients: 0,
  leaseDuration: 0,
  allowClientLeaseDuration: false,
  serverSyncGracePeriod: 0,
  serverSyncInterval: 3600,
  allowedClockOffset: 3600,
  cryptoBindingEnabled: false,
  expiringSoonEventOffset: 259_200,
  allowVmActivation: true,
  allowContainerActivation: true,
  userLocked: false,
  requireAuthentication: false,
  disableGeoLocation: false,
  allowedIpRanges: [],
  allowedIpAddresses: [],
  disallowedIpAddresses: [],
  allowedCountries: [],
  disallowedCountries: [],
  validity: null,
  expirationStrategy: null,
  subscriptionInterval: null,
  subscriptionStartTrigger: "creation",
  // Default of Cryptlex's documentation (creating-licenses.md).
  keyPattern: "^([A-F0-9]{6}-){5}[A-F0-9]{6}$",
  requiredMetadataKeys: [],
  requiredMeterAttributes: [],
} as const;

const PRODUCT_DEFAULTS = {
  publicKey: "",
  totalLicenses: 0,
  totalTrialActivations: 0,
  totalReleases: 0,
  totalProductVersions: 0,
  totalFeatureFlags: 0,
  automatedEmails: [],
  trialPolicyId: "",
  metadata: [],
} as const;
