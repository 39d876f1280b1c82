// A license is given the subscription a person says it belongs to.

import { z } from "zod";
import { namesNoSubscription, noSubscription } from "./license_links.ts";
import { UsageError } from "../run_command.ts";
import type { LicenseShelf } from "../operator/license_shelf.ts";
import type { AskCryptlex } from "../operator/patient_cryptlex.ts";

/** Which license, and whose it is. */
export type Link = { readonly licenseId: string; readonly subscriptionId: string };

/** @throws {UsageError} it is not `<license id>=<sub_…>`. */
export function readLink(word: string): Link {
  const [, licenseId, subscriptionId] = /^([\w-]{1,64})=(sub_\w+)$/.exec(word) ?? [];
  if (licenseId === undefined || subscriptionId === undefined) {
    throw new UsageError(`--link is not <license id>=<sub_…>: ${word}`);
  }
  return { licenseId, subscriptionId };
}

/**
 * Writes the subscription's id in place of the word for none.
 *
 * @throws {Error} the license names a purchase already.
 */
export async function linkLicense(
  { licenseId, subscriptionId }: Link,
  { ask, shelf }: { ask: AskCryptlex; shelf: LicenseShelf },
): Promise<void> {
  const license = await shelf.getLicense(licenseId);
  if (!namesNoSubscription(license)) {
    throw new Error(`Cannot link license ${licenseId}: it has no subscription_empty to replace`);
  }
  // All of it: whether what is left out stays is nowhere written.
  const metadata = license.metadata.map(({ key, value }) => ({
    key,
    value: value === noSubscription ? subscriptionId : value,
    viewPermissions: [],
  }));
  await ask({
    method: "PATCH",
    template: "/v3/licenses/{id}",
    path: `/v3/licenses/${encodeURIComponent(licenseId)}`,
    once: true,
    body: { metadata },
  }, z.unknown());
}
