// What should this purchase's licenses look like now? Pure: facts in, desired state out.

import { assignSlots, type Slot } from "./assign_slots.ts";
import { coveredTargets } from "./covered_targets.ts";
import { unlistedInvoices } from "./cut_invoices.ts";
import { isLiving, type KnownLicense } from "./known_license.ts";
import type { WantedFields } from "./license_fields.ts";
import type { Catalog } from "./line_mapping.ts";
import { lastSeen } from "./listed_items.ts";
import type { Policy } from "./policy.ts";
import { isEmptied, presentItems } from "./present_items.ts";
import type { Purchase } from "./purchase.ts";
import { countsOf } from "./seats.ts";
import { isEntitled, type Standing, standingOf } from "./standing.ts";
import type { Target } from "./targets.ts";

/** A license as it should be. */
export type DesiredLicense = Slot & {
  /** Paid through, grace included; null: left to the template. */
  readonly expiresAt: Date | null;
  readonly fields: WantedFields;
  /** The interval of its new price, an ISO 8601 duration; null: as it is. */
  readonly interval: string | null;
};

/** What should be. `reason` and `reports` are sentences for people. */
export type Decision =
  | {
    readonly kind: "licenses";
    readonly desired: readonly DesiredLicense[];
    readonly standing: Standing;
    readonly reports: readonly string[];
  }
  | { readonly kind: "user" }
  | { readonly kind: "nothing"; readonly status: "applied" | "ignored"; readonly reason: string }
  | { readonly kind: "parked"; readonly reason: string };

/** What a decision rests on besides the purchase. */
export type DecisionContext = {
  readonly purchaseId: string;
  readonly catalog: Catalog;
  readonly policy: Policy;
  readonly known: readonly KnownLicense[];
  /** Its customer is a user of Cryptlex already. */
  readonly hasUser: boolean;
};

const daySeconds = 24 * 60 * 60;

/** What should be there now. */
export function decide(purchase: Purchase, context: DecisionContext): Decision {
  const { purchaseId, catalog, known, policy } = context;
  if (purchaseId.startsWith("cus_")) return decideCustomer(purchase, context);

  if (!isEntitled(purchase)) {
    return { kind: "nothing", status: "applied", reason: unpaid(purchase) };
  }

  if (known.length === 0 && isUnheardOf(purchase)) {
    const reason = "waits for the first invoice: it says who bought this (send invoice.paid)";
    return { kind: "nothing", status: "applied", reason };
  }

  const standing = standingOf(purchase, purchaseId, policy);
  // What was found is not ended by that: the end and what suspends are for it all the same.
  const isEmpty = isEmptied(purchase);
  const { slots, unmapped, reports } = assignSlots(
    isEmpty ? [] : coveredTargets(purchase, { known, catalog }),
    known,
    (itemId) => lastSeen(purchase, itemId),
  );
  // What stands for an item that is no more is to end, though nothing maps those that are left.
  const isLeft = known.some(isLiving) && presentItems(purchase).length > 0;
  if (slots.length === 0 && !isLeft && !isEmpty) return unmappedDecision(purchase, context);

  return {
    kind: "licenses",
    standing,
    desired: slots.map((slot) => ({
      ...slot,
      expiresAt: expiresAt(slot.target, policy),
      interval: slot.remapped ? slot.target.interval : null,
      fields: {
        revoked: standing.revokes.length > 0,
        suspended: standing.suspends.length > 0,
        entitlementSetId: slot.terms.entitlementSetId,
        ...countsOf(slot.seats, slot.target.quantity),
      },
    })),
    reports: [
      ...(isEmpty ? ["nothing is left in the subscription"] : []),
      ...reports,
      ...unseenLines(purchase, purchaseId),
      ...unmapped.map((target) =>
        `${target.priceId ?? target.itemId} is mapped to no Cryptlex product`
      ),
    ],
  };
}

/** A subscription tells its items itself; of anything else, what is not listed is not known. */
function unseenLines({ cutInvoices }: Purchase, purchaseId: string): string[] {
  if (purchaseId.startsWith("sub_")) return [];
  return unlistedInvoices(cutInvoices).map(([invoiceId]) =>
    `${invoiceId} bills more than its event lists: set STRIPE_SECRET_KEY, and all of it is read`
  );
}

function expiresAt({ paidThrough }: Target, { renewalGraceDays }: Policy): Date | null {
  if (paidThrough === null) return null;
  return new Date((paidThrough + renewalGraceDays * daySeconds) * 1000);
}

function decideCustomer(
  { erased, wantsUser }: Purchase,
  { purchaseId, hasUser }: DecisionContext,
): Decision {
  if (erased) {
    const reason = `name, e-mail and payloads of ${purchaseId} erased; licenses are untouched`;
    return { kind: "nothing", status: "applied", reason };
  }
  if (wantsUser || hasUser) return { kind: "user" };
  const reason = "nothing was sold to this customer here: there is no user to keep up to date";
  return { kind: "nothing", status: "applied", reason };
}

/** A trial alone: a subscription names no e-mail address, its invoice and session do. */
function isUnheardOf({ email, erased, items, sessions }: Purchase): boolean {
  return email === null && !erased &&
    Object.keys(items).length === 0 && Object.keys(sessions).length === 0;
}

function unpaid({ sessions, charges, disputes }: Purchase): string {
  const known = Object.values(sessions);
  if (known.some((session) => session.payment === "failed")) {
    return "the payment failed: nothing was sold";
  }
  if (known.length > 0) return "waits for the money: the payment is still under way";
  const isUnlinked = Object.keys(charges).length + Object.keys(disputes).length > 0;
  return isUnlinked
    ? "no purchase is known by this payment; it counts as soon as one is"
    : "nothing was paid for";
}

function unmappedDecision(purchase: Purchase, { purchaseId, catalog }: DecisionContext): Decision {
  const items = presentItems(purchase);
  if (catalog.hasPlans && items.length === 0) {
    // A session's event carries no lines (docs.stripe.com/api/checkout/sessions/object).
    if (purchaseId.startsWith("sub_")) {
      return {
        kind: "nothing",
        status: "applied",
        reason: "waits for the first invoice: it says which price was bought (send invoice.paid)",
      };
    }
    return {
      kind: "parked",
      reason: "Cannot tell what was bought, as a session's event does not list it: set " +
        "STRIPE_SECRET_KEY, or put CRYPTLEX_PRODUCT_ID into the session's metadata",
    };
  }
  const prices = items.map(({ line }) => line.priceId ?? "a line").sort();
  return {
    kind: "nothing",
    status: "ignored",
    reason: `nothing maps ${prices.join(", ") || "this session"} to a Cryptlex product: no ` +
      "CRYPTLEX_PRODUCT_ID in metadata, no plan" + (catalog.hasPlans ? "" : ", no setting"),
  };
}
