// Licenses of purchases that Stripe does not know: each is asked for by all the ids it carries.

import { StripeReadError } from "../../functions/stripe-cryptlex/stripe_read_error.ts";
import { stripeIdsOf } from "./license_links.ts";
import type { Finding } from "./finding.ts";
import type { ListedLicense } from "../operator/listed_license.ts";
import { sideBySide } from "./side_by_side.ts";
import { stripeKnows } from "./stripe_knows.ts";
import type { StripeLists } from "./stripe_lists.ts";

const atOnce = 6;

type Sought = "known" | "unknown" | "unread";

/** Those of these licenses, not revoked, none of whose ids Stripe knows, or lets the key look for. */
export async function findOrphans(
  licenses: readonly ListedLicense[],
  lists: StripeLists,
): Promise<Finding[]> {
  const linked = licenses.filter((license) =>
    !license.fields.revoked && stripeIdsOf(license).length > 0
  );
  // Once the key was refused no payment is asked for any more.
  let isRefused = false;
  const sought = await sideBySide(linked, atOnce, async (license): Promise<Sought> => {
    let isUnread = false;
    for (const id of stripeIdsOf(license)) {
      const is = await seek(id);
      if (is === "known") return is;
      isUnread ||= is === "unread";
    }
    return isUnread ? "unread" : "unknown";
  });
  return linked.flatMap((license, index) => {
    if (sought[index] === "known") return [];
    const ids = stripeIdsOf(license).join(", ");
    const of = {
      state: "person",
      purchaseId: stripeIdsOf(license)[0] ?? null,
      licenseId: license.id,
    } as const;
    return [
      sought[index] === "unread"
        ? {
          ...of,
          kind: "unread",
          found: `${ids} could not be read: the key needs Read for PaymentIntents`,
          proposal: "give it that; docs/reconcile.md lists all it needs",
        } as const
        : {
          ...of,
          kind: "orphaned",
          found: `Stripe does not know ${ids}`,
          proposal: "revoke it in Cryptlex; is STRIPE_SECRET_KEY of the right account and mode?",
        } as const,
    ];
  });

  async function seek(id: string): Promise<Sought> {
    const isPayment = id.startsWith("pi_");
    if (isPayment && isRefused) return "unread";
    try {
      return await stripeKnows(lists, id) ? "known" : "unknown";
    } catch (error) {
      // All else was read to come here: only payments are asked for first now.
      if (!isPayment || !(error instanceof StripeReadError) || error.status !== 403) throw error;
      isRefused = true;
      return "unread";
    }
  }
}
