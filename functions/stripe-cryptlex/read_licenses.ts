// What Cryptlex really has of a purchase. Asked only when what we know may be wrong or nothing.

import type { Cryptlex } from "./cryptlex.ts";
import type { License } from "./cryptlex_payloads.ts";
import { CryptlexAnsweredError } from "./cryptlex_errors.ts";
import { asSeen, isLiving, type KnownLicense } from "./known_license.ts";
import { belongsTo, itemOf, searchedIds, slotOf } from "./license_metadata.ts";
import type { Purchase } from "./purchase.ts";
import { ignoredSeats } from "./seats.ts";

/** The part of Cryptlex that is read. */
export type LicenseReader = Pick<Cryptlex, "findLicenses" | "getLicense">;

/**
 * The known licenses as they are now, and those found beside them: ours by their slot, others
 * adopted as they are. One that is deleted is marked gone.
 */
export async function readLicenses(
  cryptlex: LicenseReader,
  asked: {
    purchaseId: string;
    purchase: Purchase;
    joinedIds: readonly string[];
    known: readonly KnownLicense[];
    /** A create may have gone unheard. */
    unheard: boolean;
    now: Date;
  },
): Promise<KnownLicense[]> {
  const { purchaseId, joinedIds, purchase, known, now } = asked;
  const ids = searchedIds([purchaseId, ...joinedIds], purchase);
  // Key and value may match different entries in Cryptlex's filter, so each is checked here.
  const found = (ids.length === 0 ? [] : await cryptlex.findLicenses(ids))
    .filter((license) => belongsTo(license, ids));

  const licenses: KnownLicense[] = [];
  for (const row of known) {
    const license = found.find((one) => one.id === row.licenseId) ??
      (row.endedAt === null ? await getIfThere(cryptlex, row.licenseId) : null);
    if (license !== null) licenses.push({ ...asSeen(row, license), goneAt: null });
    else licenses.push(isLiving(row) ? { ...row, goneAt: now } : row);
  }
  for (const license of found) {
    if (known.some((row) => row.licenseId === license.id)) continue;
    licenses.push(foundRow(license, { unheard: asked.unheard, others: licenses }));
  }
  return licenses;
}

/** The license, or null when it is deleted. */
export async function getIfThere(
  cryptlex: Pick<Cryptlex, "getLicense">,
  licenseId: string,
): Promise<License | null> {
  try {
    return await cryptlex.getLicense(licenseId);
  } catch (error) {
    if (error instanceof CryptlexAnsweredError && error.status === 404) return null;
    throw error;
  }
}

function foundRow(
  license: License,
  { unheard, others }: { unheard: boolean; others: readonly KnownLicense[] },
): KnownLicense {
  const slot = slotOf(license);
  const ours = slot !== null;
  // A second one of ours in a slot stands in one nobody wants, and so ends as surplus.
  const surplus = others.some((row) =>
    row.slot === slot && row.origin === "created" && isLiving(row)
  );
  return {
    licenseId: license.id,
    slot: surplus ? `${slot}~${license.id}` : slot ?? `${license.productId}/1`,
    origin: ours ? "created" : "adopted",
    cryptlexProductId: license.productId,
    licenseTemplateId: null,
    seats: ignoredSeats,
    mappedBy: "found",
    stripeItemId: ours ? itemOf(license) : null,
    coveredItems: null,
    stripePriceId: null,
    stripeProductId: null,
    userId: license.userId,
    subscriptionInterval: license.subscriptionInterval,
    intervalChange: null,
    expiresAt: license.expiresAt,
    wroteExpiresAt: ours && unheard ? null : license.expiresAt,
    perpetual: license.perpetual,
    seen: license.fields,
    // Nobody sells what is suspended or revoked: whoever set that meant it, and it stays theirs.
    wrote: { ...license.fields, revoked: false, suspended: false },
    writing: null,
    endedAt: null,
    goneAt: null,
  };
}
