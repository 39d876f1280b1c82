// What should this purchase's licenses look like now? Pure: facts in, desired state out.

import type { KnownLicense } from "./known_license.ts";
import type { Purchase } from "./purchase.ts";
import { assignSlots, type Slot } from "./slots.ts";
import { type Catalog, type Target, targets, wholeTarget } from "./targets.ts";

/** A license as it should be. */
export type DesiredLicense = Slot & {
  /** Paid through, grace included; null: left to the template. */
  readonly expiresAt: Date | null;
};

/** What should be. `reason` and `reports` are sentences for people. */
export type Decision =
  | { readonly kind: "licenses"; readonly desired: DesiredLicense[]; readonly reports: string[] }
  | { readonly kind: "user" }
  | { readonly kind: "nothing"; readonly status: "applied" | "ignored"; readonly reason: string }
  | { readonly kind: "parked"; readonly reason: string };

/** What a decision rests on besides the purchase. */
export type DecisionContext = {
  readonly purchaseId: string;
  readonly catalog: Catalog;
  readonly renewalGraceDays: number;
  readonly known: readonly KnownLicense[];
};

const daySeconds = 24 * 60 * 60;

/** Only money entitles: a session paid or free, a paid line (a trial's line is one). */
export function isEntitled(purchase: Purchase): boolean {
  return Object.keys(purchase.items).length > 0 ||
    Object.values(purchase.sessions).some((session) => session.payment === "paid");
}

/** What should be there now. */
export function decide(purchase: Purchase, context: DecisionContext): Decision {
  const { purchaseId, catalog, known } = context;
  if (purchaseId.startsWith("cus_")) return { kind: "user" };

  if (!isEntitled(purchase)) {
    return { kind: "nothing", status: "applied", reason: unpaid(purchase) };
  }

  // A license for the whole purchase, ours or adopted, covers its lines too, whatever is edited.
  const covered = known.some((license) =>
    license.stripeItemId === null && license.endedAt === null
  );
  const found = targets(purchase, catalog);
  const asked = covered ? [coveringTarget(purchase, found)] : found;
  const { slots, unmapped } = assignSlots(asked, known);
  if (slots.length === 0) return unmappedDecision(purchase, context);

  const expiresAt = (target: Target) =>
    target.paidThrough === null
      ? null
      : new Date((target.paidThrough + context.renewalGraceDays * daySeconds) * 1000);
  return {
    kind: "licenses",
    desired: slots.map((slot) => ({ ...slot, expiresAt: expiresAt(slot.target) })),
    reports: unmapped.map((target) =>
      `${target.priceId ?? target.itemId} is mapped to no Cryptlex product`
    ),
  };
}

/** The whole purchase as one target, with the nearest terms of the whole, if any. */
function coveringTarget(purchase: Purchase, found: readonly Target[]): Target {
  const whole = found.find((target) => target.itemId === null) ??
    (found.length === 1 ? found[0] : undefined);
  return wholeTarget(Object.values(purchase.items), {
    terms: whole?.terms ?? null,
    mappedBy: whole?.mappedBy ?? "found",
  });
}

function unpaid(purchase: Purchase): string {
  const failed = Object.values(purchase.sessions).some((session) => session.payment === "failed");
  if (failed) return "the payment failed: nothing was sold";
  return Object.keys(purchase.sessions).length > 0
    ? "waits for the money: the payment is still under way"
    : "nothing was paid for";
}

function unmappedDecision(purchase: Purchase, { purchaseId, catalog }: DecisionContext): Decision {
  const linesKnown = Object.keys(purchase.items).length > 0;
  if (catalog.hasPlans && !linesKnown) {
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
      reason: "Cannot tell what was bought, as a session's event does not list it: put " +
        "CRYPTLEX_PRODUCT_ID into the session's metadata",
    };
  }
  const prices = Object.values(purchase.items).map((item) => item.line.value.priceId ?? "a line");
  return {
    kind: "nothing",
    status: "ignored",
    reason: `nothing maps ${prices.join(", ") || "this session"} to a Cryptlex product: no ` +
      "CRYPTLEX_PRODUCT_ID in metadata, no plan" + (catalog.hasPlans ? "" : ", no setting"),
  };
}
