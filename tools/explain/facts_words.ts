// Clauses that several verdicts share. Pure.

import type { Facts } from "./explanation.ts";
import type { LicenseFacts } from "./license_facts.ts";
import { minute, sentence } from "./words.ts";

/** What could be done, and nobody is about to do. */
export function isDueText(facts: Facts): string {
  return `is not as it should be, by the settings here: ${sentence(facts.shouldBe.wouldDo)} ` +
    `To have it done: ${replayOf(facts)}`;
}

/** How to have it worked off again. */
export function replayOf({ events }: Facts): string {
  const event = events.rows.findLast(({ isRead }) => isRead);
  return event === undefined
    ? "resend an event of it from Stripe"
    : `deno task replay ${event.eventId}`;
}

/** Which license. */
export function named({ licenseId, productId }: LicenseFacts): string {
  return `license ${licenseId} of product ${productId}`;
}

/** Until when it is valid. */
export function untilOf({ expiresAt, perpetual }: LicenseFacts): string {
  if (expiresAt !== null) return `until ${minute(expiresAt)}`;
  return perpetual ? "perpetual" : "from its activation on";
}

/** By which metadata a license made by hand is found for a purchase. */
export function metadataOf(purchaseId: string): string {
  const keys: Readonly<Record<string, string>> = {
    sub: "stripe_subscription_id",
    pi: "stripe_transaction_id",
    cs: "stripe_checkout_session_id",
    in: "stripe_invoice_id",
  };
  return `${keys[purchaseId.split("_")[0] ?? ""]} = ${purchaseId}`;
}
