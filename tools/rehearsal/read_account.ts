// All that Cryptlex has of purchases, read once, and asked as the function asks Cryptlex itself.

import type { License } from "../../functions/stripe-cryptlex/cryptlex_payloads.ts";
import { createCryptlex } from "../../functions/stripe-cryptlex/cryptlex.ts";
import type { CryptlexConnection } from "../../functions/stripe-cryptlex/cryptlex_request.ts";
import { purchaseKeys } from "../../functions/stripe-cryptlex/license_metadata.ts";
import type { LicenseReader } from "../../functions/stripe-cryptlex/read_licenses.ts";
import { listLicenses, type ListTools, paceMs, patiently } from "../operator/list_licenses.ts";

export type Account = {
  readonly licenses: readonly License[];
  /** Answers from what was listed; a license that is not in it is asked for. */
  readonly reader: LicenseReader;
};

/** @throws {CryptlexAnsweredError | CryptlexUnansweredError} */
export async function readAccount(
  connection: CryptlexConnection,
  tools: ListTools,
): Promise<Account> {
  const licenses = await listLicenses(connection, tools);
  const byId = new Map(licenses.map((license) => [license.id, license]));
  const byValue = new Map<string, License[]>();
  for (const license of licenses) {
    for (const { key, value } of license.metadata) {
      if (!purchaseKeys.includes(key)) continue;
      byValue.set(value, [...byValue.get(value) ?? [], license]);
    }
  }
  const live = createCryptlex(connection, { before: () => {}, after: () => {} });
  return {
    licenses,
    reader: {
      findLicenses: (values) =>
        Promise.resolve([...new Set(values.flatMap((value) => byValue.get(value) ?? []))]),
      async getLicense(id) {
        const listed = byId.get(id);
        if (listed !== undefined) return listed;
        await tools.wait(paceMs);
        return await patiently(tools.wait, () => live.getLicense(id));
      },
    },
  };
}
