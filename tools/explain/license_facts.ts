// A license as the ledger knows it, and whether it works. Pure.

import type { KnownLicense } from "../../functions/stripe-cryptlex/known_license.ts";

export type LicenseCondition =
  | "works"
  | "suspended"
  | "revoked"
  | "ran out"
  /** We revoked it, as nobody had bought it any more. */
  | "ended"
  | "deleted in Cryptlex";

export type LicenseFacts = {
  readonly licenseId: string;
  readonly slot: string;
  readonly origin: KnownLicense["origin"];
  readonly mappedBy: KnownLicense["mappedBy"];
  readonly productId: string;
  readonly condition: LicenseCondition;
  /** Null: perpetual, or from its activation on. */
  readonly expiresAt: Date | null;
  readonly perpetual: boolean;
  readonly suspended: boolean;
  readonly revoked: boolean;
  /** Suspended or revoked by somebody in Cryptlex, not by us. */
  readonly byHand: boolean;
  /** 0 and -1: unlimited. */
  readonly allowedActivations: number | null;
  readonly allowedFloatingClients: number | null;
  readonly endedAt: Date | null;
  readonly goneAt: Date | null;
};

export function licenseFacts(license: KnownLicense, now: Date): LicenseFacts {
  const { seen, wrote } = license;
  return {
    licenseId: license.licenseId,
    slot: license.slot,
    origin: license.origin,
    mappedBy: license.mappedBy,
    productId: license.cryptlexProductId,
    condition: conditionOf(license, now),
    expiresAt: license.expiresAt,
    perpetual: license.perpetual,
    suspended: seen.suspended,
    revoked: seen.revoked,
    byHand: seen.revoked ? !wrote.revoked : seen.suspended && !wrote.suspended,
    allowedActivations: seen.allowedActivations,
    allowedFloatingClients: seen.allowedFloatingClients,
    endedAt: license.endedAt,
    goneAt: license.goneAt,
  };
}

function conditionOf(license: KnownLicense, now: Date): LicenseCondition {
  const { seen, expiresAt } = license;
  if (license.endedAt !== null) return "ended";
  if (license.goneAt !== null) return "deleted in Cryptlex";
  if (seen.revoked) return "revoked";
  if (seen.suspended) return "suspended";
  return expiresAt !== null && expiresAt <= now ? "ran out" : "works";
}
