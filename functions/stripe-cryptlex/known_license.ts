// A license as our ledger knows it: what it stands for, what was last seen, what we last wrote.

import type { License } from "./cryptlex_payloads.ts";

/** What may say which license a purchase buys; `found`: it was there before us. */
export const mappedBy = [
  "line",
  "session",
  "subscription",
  "invoice",
  "plan",
  "setting",
  "found",
] as const;
export type MappedBy = typeof mappedBy[number];

/** A row of `licensing.licenses`. Dates are UTC. */
export type KnownLicense = {
  readonly licenseId: string;
  readonly slot: string;
  readonly origin: "created" | "adopted";
  readonly cryptlexProductId: string;
  readonly licenseTemplateId: string | null;
  readonly entitlementSetId: string | null;
  readonly mappedBy: MappedBy;
  readonly stripeItemId: string | null;
  readonly stripePriceId: string | null;
  readonly stripeProductId: string | null;
  readonly userId: string | null;
  readonly subscriptionInterval: string | null;
  /** As last seen; null: perpetual, or not yet activated. */
  readonly expiresAt: Date | null;
  /** What we last wrote (adopted: as found); null: the template's date, still to be aligned. */
  readonly wroteExpiresAt: Date | null;
  readonly perpetual: boolean;
  readonly suspended: boolean;
  readonly revoked: boolean;
  /** We are ending it, or have: written down before it is done, so that it is never taken for another's. */
  readonly wroteRevoked: boolean;
  readonly endedAt: Date | null;
  readonly goneAt: Date | null;
};

/** The row with what Cryptlex now shows of it. */
export function asSeen(known: KnownLicense, license: License): KnownLicense {
  return {
    ...known,
    userId: license.userId,
    subscriptionInterval: license.subscriptionInterval,
    expiresAt: license.expiresAt,
    perpetual: license.perpetual,
    suspended: license.suspended,
    revoked: license.revoked,
  };
}

/** It is in Cryptlex, as far as we know, and we did not end it. */
export function isLiving(known: KnownLicense): boolean {
  return known.endedAt === null && known.goneAt === null;
}
