// Licenses of purchases that Stripe does not know: each is asked for by all the ids it carries.

import { stripeIdsOf } from "./license_links.ts";
import type { Finding } from "./finding.ts";
import type { ListedLicense } from "../operator/listed_license.ts";
import { sideBySide } from "./side_by_side.ts";
import { stripeKnows } from "./stripe_knows.ts";
import type { StripeLists } from "./stripe_lists.ts";

const atOnce = 6;

/** Those of these licenses, not revoked, none of whose ids Stripe knows. */
export async function findOrphans(
  licenses: readonly ListedLicense[],
  lists: StripeLists,
): Promise<Finding[]> {
  const linked = licenses.filter((license) =>
    !license.fields.revoked && stripeIdsOf(license).length > 0
  );
  const isKnown = await sideBySide(linked, atOnce, async (license) => {
    for (const id of stripeIdsOf(license)) {
      if (await stripeKnows(lists, id)) return true;
    }
    return false;
  });
  return linked.filter((_, index) => !isKnown[index]).map((license): Finding => ({
    kind: "orphaned",
    state: "person",
    purchaseId: stripeIdsOf(license)[0] ?? null,
    licenseId: license.id,
    found: `Stripe does not know ${stripeIdsOf(license).join(", ")}`,
    proposal: "revoke it in Cryptlex; is STRIPE_SECRET_KEY of the right account and mode?",
  }));
}
