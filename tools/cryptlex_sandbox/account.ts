// What one Cryptlex account holds, and its unique indexes. Stores and finds; judges nothing.

import type { Catalogue } from "./catalogue.ts";
import type { SandboxLicense, SandboxProduct, SandboxUser } from "./dto.ts";
import type { SandboxSwitches } from "./switches.ts";
import { timestamp } from "./timestamp.ts";

/** Everything the account holds that requests can change. JSON-able. */
export type SandboxState = {
  readonly users: readonly SandboxUser[];
  readonly licenses: readonly SandboxLicense[];
};

/** The account's records in creation order. Licences are kept without their embedded user. */
export type Account = Catalogue & {
  readonly switches: SandboxSwitches;
  readonly users: ReadonlyMap<string, SandboxUser>;
  readonly licenses: ReadonlyMap<string, SandboxLicense>;
  now(): Date;
  /** The present instant as the API writes it. */
  stamp(): string;
  userByEmail(email: string): SandboxUser | undefined;
  licenseByKey(key: string): SandboxLicense | undefined;
  /** Inserts or replaces. `lagging` keeps a new record out of lists for `listLagMs`. */
  putUser(user: SandboxUser, lagging?: "lagging"): void;
  putLicense(license: SandboxLicense, lagging?: "lagging"): void;
  putProduct(product: SandboxProduct): void;
  removeUser(id: string): void;
  removeLicense(id: string): void;
  /** The records lists show by now. */
  listed<T extends { readonly id: string }>(records: ReadonlyMap<string, T>): T[];
  /** The licence as answered: its user embedded. */
  withUser(license: SandboxLicense): SandboxLicense;
  /** Replaces everything by `state`. */
  restore(state: SandboxState): void;
};

/** An empty account over `catalogue`. */
export function createAccount(
  catalogue: Catalogue,
  options: { readonly switches: SandboxSwitches; readonly now: () => Date },
): Account {
  const { switches, now } = options;
  const products = new Map(catalogue.products);
  const users = new Map<string, SandboxUser>();
  const licenses = new Map<string, SandboxLicense>();
  // Indexes may name a record that is gone; looking it up then finds nothing.
  const userIds = new Map<string, string>();
  const licenseIds = new Map<string, string>();
  const listedFrom = new Map<string, number>();
  const fold = (email: string) =>
    switches.emailUniqueness === "insensitive" ? email.toLowerCase() : email;

  function lag(id: string, lagging?: "lagging") {
    if (lagging && switches.listLagMs > 0) listedFrom.set(id, now().getTime() + switches.listLagMs);
  }

  function putUser(user: SandboxUser, lagging?: "lagging") {
    const old = users.get(user.id);
    if (old) userIds.delete(fold(old.email));
    users.set(user.id, user);
    userIds.set(fold(user.email), user.id);
    lag(user.id, lagging);
  }

  function putLicense(license: SandboxLicense, lagging?: "lagging") {
    const old = licenses.get(license.id);
    if (old) licenseIds.delete(old.key);
    licenses.set(license.id, { ...license, user: null });
    licenseIds.set(license.key, license.id);
    lag(license.id, lagging);
  }

  return {
    ...catalogue,
    products,
    switches,
    users,
    licenses,
    now,
    stamp: () => timestamp(now()),
    userByEmail: (email) => users.get(userIds.get(fold(email)) ?? ""),
    licenseByKey: (key) => licenses.get(licenseIds.get(key) ?? ""),
    putUser,
    putLicense,
    putProduct: (product) => void products.set(product.id, product),
    removeUser: (id) => void users.delete(id),
    removeLicense: (id) => void licenses.delete(id),
    listed(records) {
      const all = [...records.values()];
      if (listedFrom.size === 0) return all;
      const time = now().getTime();
      return all.filter(({ id }) => (listedFrom.get(id) ?? time) <= time);
    },
    withUser: (license) => ({ ...license, user: users.get(license.userId ?? "") ?? null }),
    restore(state) {
      for (const map of [users, licenses, userIds, licenseIds, listedFrom]) map.clear();
      for (const user of state.users) putUser(user);
      for (const license of state.licenses) putLicense(license);
    },
  };
}
