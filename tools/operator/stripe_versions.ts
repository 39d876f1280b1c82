// Stripe's API versions whose payloads we know. Pure.

/** What a new endpoint is pinned to: what this repository is tested with. */
export const pinnedApiVersion = "2026-10-28.endive";

/** Since the first of these names a payload has a shape we know. */
const known = /\.(acacia|basil|clover|dahlia|endive)$/;

/** `version` null: the account's default, which nobody tells. */
export function isKnownVersion(version: string | null | undefined): boolean {
  return !version || known.test(version);
}
