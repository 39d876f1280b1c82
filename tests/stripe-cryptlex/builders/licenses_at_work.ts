// Licenses as the ledger knows them and as Cryptlex has them, while something is done to them.

import type { License } from "../../../functions/stripe-cryptlex/cryptlex_payloads.ts";
import type { CallRecord } from "../../../functions/stripe-cryptlex/cryptlex_caller.ts";
import type { KnownLicense } from "../../../functions/stripe-cryptlex/known_license.ts";
import { claimedAt } from "./claim_of.ts";
import { createFakeCryptlex, type FakeCryptlex } from "./fake_cryptlex.ts";
import { knownLicense } from "./known_license.ts";
import { licenseShown } from "./license_shown.ts";

export type LicensesAtWork = {
  readonly cryptlex: FakeCryptlex;
  readonly work: {
    readonly licenses: Map<string, KnownLicense>;
    readonly outcomes: string[];
    readonly calls: CallRecord[];
    readonly isFresh: (licenseId: string) => boolean;
  };
  /** As it is known now. */
  row(licenseId?: string): KnownLicense;
};

/** By default the ledger and Cryptlex both have license-1, as nobody but us ever changed it. */
export function createLicensesAtWork(
  { known = [knownLicense()], shown, hasRead = false, refuse = () => {} }: {
    known?: readonly KnownLicense[];
    /** What Cryptlex has, if it is not what was last seen. */
    shown?: readonly License[];
    /** All of it was read before anything was done. */
    hasRead?: boolean;
    refuse?: FakeCryptlex["refuse"];
  } = {},
): LicensesAtWork {
  const cryptlex = createFakeCryptlex({ now: claimedAt });
  for (const license of shown ?? known.map(asShown)) cryptlex.licenses.set(license.id, license);
  const calls: CallRecord[] = [];
  cryptlex.refuse = (action, about) => {
    calls.push({ action, licenseId: null, status: null, ms: 0, error: null });
    refuse(action, about);
  };
  const licenses = new Map(known.map((license) => [license.licenseId, license]));
  return {
    cryptlex,
    work: {
      licenses,
      outcomes: [],
      calls,
      isFresh: (licenseId) => hasRead || cryptlex.touched.has(licenseId),
    },
    row(licenseId = "license-1") {
      const row = licenses.get(licenseId);
      if (row === undefined) throw new Error(`there is no ${licenseId}`);
      return row;
    },
  };
}

function asShown(row: KnownLicense): License {
  const { licenseId: id, cryptlexProductId: productId, seen: fields } = row;
  const { userId, expiresAt, perpetual, subscriptionInterval } = row;
  return licenseShown({}, {
    id,
    productId,
    fields,
    userId,
    expiresAt,
    perpetual,
    subscriptionInterval,
  });
}
