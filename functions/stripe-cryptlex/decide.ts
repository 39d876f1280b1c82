// What should this purchase's licenses look like now? Pure: facts in, desired state out.

import type { KnownLicense } from "./known_license.ts";
import type { Purchase } from "./purchase.ts";
import { assignSlots, isProvisional, type Slot } from "./slots.ts";
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
  if (purchaseId.startsWith("cus_")) {
    return purchase.erased ? erasedCustomer(purchaseId) : { kind: "user" };
  }

  if (!isEntitled(purchase)) {
    return { kind: "nothing", status: "applied", reason: unpaid(purchase) };
  }

  const { slots, unmapped } = assignSlots(targetsBeside(known, { purchase, catalog }), known);
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

/**
 * The targets, given what is there: a license for the whole purchase, ours or adopted, covers every
 * line that has none of its own, whatever was edited since.
 */
function targetsBeside(
  known: readonly KnownLicense[],
  { purchase, catalog }: { purchase: Purchase; catalog: Catalog },
): Target[] {
  const found = targets(purchase, catalog);
  const invoiced = Object.values(purchase.items).some((item) => item.paidThrough !== null);
  const there = known.filter((license) =>
    license.endedAt === null && !(invoiced && isProvisional(license))
  );
  if (!there.some((license) => license.stripeItemId === null)) return found;

  const own = new Set(there.map((license) => license.stripeItemId));
  const beside = found.filter((target) => target.itemId !== null && own.has(target.itemId));
  const covered = found.filter((target) => !beside.includes(target));
  const whole = covered.find((target) => target.itemId === null) ??
    (covered.length === 1 ? covered[0] : undefined);
  // A replaced license, still to be ended, takes its item from nobody.
  const items = Object.entries(purchase.items)
    .filter(([id]) => !beside.some((target) => target.itemId === id));
  return [
    ...beside,
    wholeTarget(items.map(([, item]) => item), {
      terms: whole?.terms ?? null,
      mappedBy: whole?.mappedBy ?? "found",
    }),
  ];
}

function erasedCustomer(customerId: string): Decision {
  const reason = `name, e-mail and payloads of ${customerId} erased; licenses are untouched`;
  return { kind: "nothing", status: "applied", reason };
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
  const prices = Object.values(purchase.items).map((item) => item.line.value.priceId ?? "a line")
    .sort();
  return {
    kind: "nothing",
    status: "ignored",
    reason: `nothing maps ${prices.join(", ") || "this session"} to a Cryptlex product: no ` +
      "CRYPTLEX_PRODUCT_ID in metadata, no plan" + (catalog.hasPlans ? "" : ", no setting"),
  };
}
