// Which purchases a license names in its metadata, by the keys the function looks under. Pure.

import type { License } from "../../functions/stripe-cryptlex/cryptlex_payloads.ts";
import { keysOf } from "../../functions/stripe-cryptlex/license_metadata.ts";

type Linked = Pick<License, "metadata">;

/** What Cryptlex's script wrote in place of a subscription it did not find. */
export const noSubscription = "subscription_empty";

/** The Stripe ids it carries, each under a key meant for it. */
export function stripeIdsOf({ metadata }: Linked): string[] {
  return metadata.filter(({ key, value }) => keysOf(value).includes(key))
    .map(({ value }) => value);
}

/** Whether it has the script's word for none where a subscription's id belongs. */
export function namesNoSubscription({ metadata }: Linked): boolean {
  return metadata.some(({ key, value }) =>
    value === noSubscription && keysOf("sub_").includes(key)
  );
}
