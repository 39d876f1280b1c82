// What Cryptlex really has of a purchase. Asked only when what we know may be wrong or nothing.

import type { Cryptlex, License } from "./cryptlex.ts";
import { CryptlexAnsweredError } from "./cryptlex_errors.ts";
import { asSeen, isLiving, type KnownLicense } from "./known_license.ts";
import { belongsTo, itemOf, searchedIds, slotOf } from "./license_metadata.ts";
import type { Purchase } from "./purchase.ts";

/** Younger than this, a license of ours that no row names was made by a call we never heard of. */
const unheardMs = 60 * 60 * 1000;

/**
 * The known licenses as they are now, and those found beside them: ours by their slot, others
 * adopted as they are. One that is deleted is marked gone.
 */
export async function readLicenses(
  cryptlex: Cryptlex,
  asked: {
    purchaseId: string;
    purchase: Purchase;
    known: readonly KnownLicense[];
    now: Date;
  },
): Promise<KnownLicense[]> {
  const { purchaseId, purchase, known, now } = asked;
  const ids = searchedIds(purchaseId, purchase);
  // Key and value may match different entries in Cryptlex's filter, so each is checked here.
  const found = (ids.length === 0 ? [] : await cryptlex.findLicenses(ids))
    .filter((license) => belongsTo(license, ids));

  const licenses: KnownLicense[] = [];
  for (const row of known) {
    const license = found.find((one) => one.id === row.licenseId) ??
      (isLiving(row) ? await getIfThere(cryptlex, row.licenseId) : null);
    if (license !== null) licenses.push({ ...asSeen(row, license), goneAt: null });
    else licenses.push(isLiving(row) ? { ...row, goneAt: now } : row);
  }
  for (const license of found) {
    if (known.some((row) => row.licenseId === license.id)) continue;
    licenses.push(newRow(license, { now, others: licenses }));
  }
  return licenses;
}

async function getIfThere(cryptlex: Cryptlex, licenseId: string): Promise<License | null> {
  try {
    return await cryptlex.getLicense(licenseId);
  } catch (error) {
    if (error instanceof CryptlexAnsweredError && error.status === 404) return null;
    throw error;
  }
}

function newRow(
  license: License,
  { now, others }: { now: Date; others: readonly KnownLicense[] },
): KnownLicense {
  const slot = slotOf(license);
  const ours = slot !== null;
  const unheard = ours && now.getTime() - license.createdAt.getTime() < unheardMs;
  // A second one of ours in a slot stands in one nobody wants, and so ends as surplus.
  const surplus = others.some((row) => row.slot === slot && row.origin === "created");
  return asSeen({
    licenseId: license.id,
    slot: surplus ? `${slot}~${license.id}` : slot ?? `${license.productId}/1`,
    origin: ours ? "created" : "adopted",
    cryptlexProductId: license.productId,
    licenseTemplateId: null,
    entitlementSetId: license.entitlementSetId,
    mappedBy: "found",
    stripeItemId: ours ? itemOf(license) : null,
    stripePriceId: null,
    stripeProductId: null,
    wroteExpiresAt: unheard ? null : license.expiresAt,
    endedAt: null,
    goneAt: null,
    userId: null,
    subscriptionInterval: null,
    expiresAt: null,
    perpetual: false,
    suspended: false,
    revoked: false,
  }, license);
}
