// The operator's hand: puts, changes and removes records as somebody else would, past all checks
// but the ones that keep the account whole.

import type { Account } from "./account.ts";
import { buildLicense } from "./build_license.ts";
import { buildProduct, type ProductSeed, requireTemplate } from "./catalogue.ts";
import type { SandboxLicense, SandboxProduct, SandboxUser } from "./dto.ts";
import type { MetadataRequest } from "./field_rules.ts";
import { templateOf } from "./license_checks.ts";
import { timestamp } from "./timestamp.ts";
import { buildUser } from "./users.ts";
import { writeMetadata } from "./write_fields.ts";

type Entries = { readonly metadata?: readonly MetadataRequest[] };

/** Any field of a user. Dates as ISO text. */
export type UserSeed = Partial<Omit<SandboxUser, "metadata">> & Entries;

/** Any field of a licence. Dates as ISO text. */
export type LicenseChange = Partial<Omit<SandboxLicense, "metadata" | "user">> & Entries;

/** A licence, and its template when it is not the product's. */
export type LicenseSeed = LicenseChange & { readonly licenseTemplateId?: string };

/** What an operator does; every method that makes or changes a record returns it as answered. */
export type Operator = {
  /** @throws {RangeError} for an unknown template. */
  seedProduct(seed: ProductSeed): SandboxProduct;
  /** Defaults: a made-up e-mail, first name `Seeded`. @throws {RangeError} when the e-mail is taken. */
  seedUser(seed?: UserSeed): SandboxUser;
  /**
   * Default: the first product.
   *
   * @throws {RangeError} without any product, or when the key is taken.
   * @throws {Refusal} for an unknown product or template.
   */
  seedLicense(seed?: LicenseSeed): SandboxLicense;
  /** Writes fields; metadata replaces what was there. @throws {RangeError} for an unknown id. */
  change(licenseId: string, patch: LicenseChange): SandboxLicense;
  /** Deletes a licence. @throws {RangeError} for an unknown id. */
  remove(licenseId: string): void;
  /** Deletes a user and takes their licences off them. @throws {RangeError} for an unknown id. */
  removeUser(userId: string): void;
};

/** The operator of `account`. */
export function createOperator(account: Account): Operator {
  function written<T extends { readonly id: string }>(
    base: T & { readonly metadata: SandboxLicense["metadata"] },
    { metadata, ...plain }: Partial<Omit<T, "metadata">> & Entries,
  ): T {
    const entries = metadata && { metadata: writeMetadata(account, [], metadata) };
    return { ...base, ...plain, ...dates(plain), ...entries };
  }

  function licenseOf(id: string): SandboxLicense {
    const license = account.licenses.get(id);
    if (!license) throw new RangeError(`Cannot change license ${id}: it does not exist`);
    return license;
  }

  return {
    seedProduct(seed) {
      requireTemplate(account, seed);
      const product = buildProduct(seed, account.stamp());
      account.putProduct(product);
      return product;
    },
    seedUser(seed = {}) {
      const email = seed.email ?? `${crypto.randomUUID()}@example.com`;
      if (account.userByEmail(email)) {
        throw new RangeError(`Cannot seed user ${email}: the e-mail is taken`);
      }
      const { firstName = "Seeded", lastName = "", role = null } = seed;
      const user = written(buildUser(account, { email, firstName, lastName, role }), seed);
      account.putUser(user);
      return user;
    },
    seedLicense({ licenseTemplateId = "", ...seed } = {}) {
      const productId = seed.productId ?? [...account.products.keys()][0];
      if (productId === undefined) throw new RangeError("Cannot seed a license without a product");
      if (seed.key !== undefined && account.licenseByKey(seed.key)) {
        throw new RangeError(`Cannot seed license ${seed.key}: the key is taken`);
      }
      const template = templateOf(account, { productId, licenseTemplateId });
      const built = buildLicense(account, { productId }, template);
      const license = written(built, { ...perpetuity(seed), ...seed });
      account.putLicense(license);
      return account.withUser(license);
    },
    change(licenseId, patch) {
      const changed = written(licenseOf(licenseId), {
        updatedAt: account.stamp(),
        ...perpetuity(patch),
        ...patch,
      });
      account.putLicense(changed);
      return account.withUser(changed);
    },
    remove: (licenseId) => account.removeLicense(licenseOf(licenseId).id),
    removeUser(userId) {
      if (!account.users.has(userId)) {
        throw new RangeError(`Cannot remove user ${userId}: there is none`);
      }
      for (const license of account.licenses.values()) {
        if (license.userId === userId) account.putLicense({ ...license, userId: null });
      }
      account.removeUser(userId);
    },
  };
}

/** The date fields among `fields`, written as the API writes them. */
function dates(fields: object): Record<string, string> {
  const found = Object.entries(fields).filter(([name]) => /(At|Date)$/.test(name));
  return Object.fromEntries(
    found.flatMap(([name, value]) =>
      typeof value === "string" ? [[name, timestamp(new Date(value))]] : []
    ),
  );
}

/** Keeps `perpetual` true to a written date, unless it is written too. */
function perpetuity({ expiresAt }: LicenseChange): Partial<SandboxLicense> {
  return expiresAt === undefined ? {} : { perpetual: expiresAt === null };
}
