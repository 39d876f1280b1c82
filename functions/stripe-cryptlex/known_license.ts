// A license as our ledger knows it: what it stands for, what was last seen, what we last wrote.

import type { License } from "./cryptlex_payloads.ts";
import { type IntervalChange, resolveIntervalChange } from "./interval_change.ts";
import { type FieldHistory, resolveWriting } from "./license_fields.ts";
import type { Seats } from "./seats.ts";

/** What may say which license a purchase buys; `found`: it was there before us. */
export const mappedBy = [
  "line",
  "session",
  "subscription",
  "invoice",
  "price",
  "product",
  "plan",
  "setting",
  "found",
] as const;
export type MappedBy = typeof mappedBy[number];

/** A row of `licensing.licenses`. Dates are UTC. */
export type KnownLicense = FieldHistory & {
  readonly licenseId: string;
  readonly slot: string;
  readonly origin: "created" | "adopted";
  readonly cryptlexProductId: string;
  readonly licenseTemplateId: string | null;
  /** What the quantity means, frozen with the rest of the mapping. */
  readonly seats: Seats;
  readonly mappedBy: MappedBy;
  /** The item it stands for; null: the whole purchase. */
  readonly stripeItemId: string | null;
  /** Every item it has stood for since it was last mapped, once it was seen; null: nobody noted that. */
  readonly coveredItems: readonly string[] | null;
  readonly stripePriceId: string | null;
  readonly stripeProductId: string | null;
  readonly userId: string | null;
  readonly subscriptionInterval: string | null;
  /** About to be made, or made and its date still to be put back; null: none is. */
  readonly intervalChange: IntervalChange | null;
  /** As last seen; null: perpetual, or not yet activated. */
  readonly expiresAt: Date | null;
  /** What we last wrote (adopted: as found); null: the template's date, still to be aligned. */
  readonly wroteExpiresAt: Date | null;
  readonly perpetual: boolean;
  /** We ended it, as nobody wanted it any more. */
  readonly endedAt: Date | null;
  readonly goneAt: Date | null;
};

/**
 * The row with what Cryptlex now shows of it. What we were about to make valid again and is so has not
 * ended any more: else nobody would end it, should it not be wanted by now.
 */
export function asSeen(known: KnownLicense, license: License): KnownLicense {
  const isValidAgain = known.writing?.revoked === false && !license.fields.revoked;
  return {
    ...known,
    ...resolveWriting(known, license.fields),
    endedAt: isValidAgain ? null : known.endedAt,
    userId: license.userId,
    subscriptionInterval: license.subscriptionInterval,
    intervalChange: resolveIntervalChange(known.intervalChange, license),
    expiresAt: license.expiresAt,
    perpetual: license.perpetual,
  };
}

/** It is in Cryptlex, as far as we know, and we did not end it. */
export function isLiving(known: KnownLicense): boolean {
  return known.endedAt === null && known.goneAt === null;
}
