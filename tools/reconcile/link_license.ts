// A license is given the subscription a person says it belongs to.

import { z } from "zod";
import { keysOf } from "../../functions/stripe-cryptlex/license_metadata.ts";
import { askedLicenses } from "../operator/license_shelf.ts";
import type { AskCryptlex } from "../operator/patient_cryptlex.ts";
import { UsageError } from "../run_command.ts";
import { examineBatch, type Examiner } from "./examine_batch.ts";
import { noSubscription, stripeIdsOf } from "./license_links.ts";
import { type PurchaseSource, readPurchases } from "./read_purchases.ts";
import { stripeKnows } from "./stripe_knows.ts";

/** Which license, and whose it is. */
export type Link = { readonly licenseId: string; readonly subscriptionId: string };

export type Linking = {
  readonly ask: AskCryptlex;
  readonly source: PurchaseSource;
  readonly examiner: Pick<Examiner, "doors" | "policy">;
  /** Also where buyer or product are others. */
  readonly force: boolean;
};

/** @throws {UsageError} it is not `<license id>=<sub_…>`. */
export function readLink(word: string): Link {
  const [, licenseId, subscriptionId] = /^([\w-]{1,64})=(sub_\w+)$/.exec(word) ?? [];
  if (licenseId === undefined || subscriptionId === undefined) {
    throw new UsageError(`--link is not <license id>=<sub_…>: ${word}`);
  }
  return { licenseId, subscriptionId };
}

/**
 * Whether it is still to be written; changes nothing.
 *
 * @throws {Error} it may not be: the license is some purchase's already, or may not be this one's.
 */
export async function checkLink(
  { licenseId, subscriptionId }: Link,
  { ask, source, examiner, force }: Linking,
): Promise<boolean> {
  const refuse = (why: string) =>
    new Error(`Cannot link license ${licenseId} to ${subscriptionId}: ${why}`);
  const shelf = askedLicenses(ask);
  await shelf.getLicense(licenseId);
  const license = shelf.shown(licenseId);
  if (license === null) throw refuse("Cryptlex does not show it");
  const ids = stripeIdsOf(license);
  if (ids.includes(subscriptionId)) return false;
  const scope = { kind: "purchases", ids: [subscriptionId] } as const;
  const [batch] = await Array.fromAsync(readPurchases(source, { scope, from: null }));
  if (batch === undefined || batch.unknown.length > 0) {
    throw refuse("Stripe knows no such subscription, in the account and mode of STRIPE_SECRET_KEY");
  }
  for (const id of ids) {
    if (await stripeKnows(source.lists, id)) {
      throw refuse(`it names ${id}, which Stripe knows`);
    }
  }
  if (!license.metadata.some(isReplaced)) {
    throw refuse(
      "it has neither subscription_empty nor a subscription unknown to Stripe to replace",
    );
  }
  const examined = await examineBatch(batch.looks, {
    ...examiner,
    shelf,
    recheck: null,
    applies: false,
    empties: [license],
    remap: false,
  });
  if (!force && !examined.some(({ candidates }) => candidates.includes(licenseId))) {
    throw refuse(
      "of this buyer and product that subscription lacks no license; --force links it all the same",
    );
  }
  return true;
}

/** Of what is shown: some of it may be for nobody's eyes, some for the buyer's. */
const shownMetadata = z.object({
  metadata: z.array(z.object({
    key: z.string(),
    value: z.unknown(),
    viewPermissions: z.array(z.string()).nullish(),
  })),
});

/** Writes the subscription's id in place of the word for none, or of what Stripe does not know. */
export async function writeLink(
  { licenseId, subscriptionId }: Link,
  { ask }: Pick<Linking, "ask">,
): Promise<void> {
  const template = "/v3/licenses/{id}";
  const path = `/v3/licenses/${encodeURIComponent(licenseId)}`;
  const shown = await ask({ method: "GET", template, path }, shownMetadata);
  // All of it, as it was: whether what is left out stays is nowhere written.
  const metadata = shown.metadata.map(({ key, value, viewPermissions }) => ({
    key,
    value: isReplaced({ key, value }) ? subscriptionId : value,
    ...(!viewPermissions ? {} : { viewPermissions }),
  }));
  await ask({ method: "PATCH", template, path, once: true, body: { metadata } }, z.unknown());
}

/** Every id of it was asked for: Stripe knows none. */
function isReplaced({ key, value }: { key: string; value: unknown }): boolean {
  return value === noSubscription ||
    (keysOf("sub_").includes(key) && typeof value === "string" && value.startsWith("sub_"));
}
