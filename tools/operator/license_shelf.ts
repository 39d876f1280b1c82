// The licenses there are in Cryptlex: all that name a purchase, listed once and found by what they
// carry, or those that are asked for. To the rest of it there is no difference.

import { z } from "zod";
import { purchaseKeys } from "../../functions/stripe-cryptlex/license_metadata.ts";
import type { LicenseReader } from "../../functions/stripe-cryptlex/read_licenses.ts";
import { type ListedLicense, listedLicense } from "./listed_license.ts";
import type { AskCryptlex } from "./patient_cryptlex.ts";

/** What reading a purchase's licenses needs. All methods reject as `requestCryptlex` does. */
export type LicenseShelf = LicenseReader & {
  /** Every one that names a purchase, the oldest first; null: they were not listed. */
  readonly all: readonly ListedLicense[] | null;
  /** As it was last shown; null: it was not. */
  shown(licenseId: string): ListedLicense | null;
};

const pageSize = 100;
const page = z.array(listedLicense);

/**
 * Lists all that have a metadata key that may name a purchase, whichever program wrote it: once a page,
 * not once a purchase, which is far less. What is not among them is asked for. `advance` is told of
 * every page how many it had.
 */
export async function listAllLicenses(
  ask: AskCryptlex,
  advance: (count: number) => void,
): Promise<LicenseShelf> {
  const byId = new Map<string, ListedLicense>();
  const byValue = new Map<string, ListedLicense[]>();
  const filter = `metadata.key[in]=${encodeURIComponent(purchaseKeys.join(","))}`;
  for await (const licenses of pagesOf(ask, filter)) {
    for (const license of licenses) byId.set(license.id, license);
    advance(licenses.length);
  }
  for (const license of byId.values()) {
    const named = license.metadata.filter(({ key }) => purchaseKeys.includes(key));
    for (const value of new Set(named.map((entry) => entry.value))) {
      byValue.set(value, [...byValue.get(value) ?? [], license]);
    }
  }
  const asked = askedLicenses(ask);
  return {
    all: [...byId.values()],
    shown: (id) => byId.get(id) ?? asked.shown(id),
    findLicenses: (values) =>
      Promise.resolve([...new Set(values.flatMap((value) => byValue.get(value) ?? []))]),
    getLicense: async (id) => byId.get(id) ?? await asked.getLicense(id),
  };
}

/** Asks for each by what it carries. */
export function askedLicenses(ask: AskCryptlex): LicenseShelf {
  const byId = new Map<string, ListedLicense>();
  return {
    all: null,
    shown: (id) => byId.get(id) ?? null,
    async findLicenses(values) {
      const operator = values.length === 1 ? "eq" : "in";
      const filter = `metadata.value[${operator}]=${encodeURIComponent(values.join(","))}`;
      const found: ListedLicense[] = [];
      for await (const licenses of pagesOf(ask, filter)) found.push(...licenses);
      for (const license of found) byId.set(license.id, license);
      return found;
    },
    async getLicense(id) {
      const path = `/v3/licenses/${encodeURIComponent(id)}`;
      const template = "/v3/licenses/{id}";
      const license = await ask({ method: "GET", template, path }, listedLicense);
      byId.set(id, license);
      return license;
    },
  };
}

/** No header tells how many there are: the last page is the one that is not full. */
async function* pagesOf(ask: AskCryptlex, filter: string): AsyncGenerator<ListedLicense[]> {
  for (let number = 1;; number++) {
    const path = `/v3/licenses?${filter}&limit=${pageSize}&page=${number}`;
    const licenses = await ask({ method: "GET", template: "/v3/licenses", path }, page);
    yield licenses;
    if (licenses.length < pageSize) return;
  }
}
