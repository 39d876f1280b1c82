// Whether a convergence has to see its subscription again, given a key. Pure.

import type { KnownLicense } from "./known_license.ts";
import type { Line, Purchase } from "./purchase.ts";
import { byReading } from "./reading.ts";

/** What is known besides the purchase. */
export type ReadContext = {
  readonly purchaseId: string;
  /** Those to be settled. */
  readonly events: readonly { readonly eventType: string; readonly createdAt: Date }[];
  readonly licenses: readonly Pick<KnownLicense, "stripeItemId" | "stripePriceId">[];
};

/** What such an event shows may be of before others that came earlier. */
const mayBeStale = new Set(
  ["created", "updated", "paused", "resumed"].map((what) => `customer.subscription.${what}`),
);

/**
 * An event shows what may be stale by now, a paid line names what nobody showed, or nothing says what
 * was bought or when its period ends.
 */
export function needsSubscription(purchase: Purchase, { events, licenses }: ReadContext): boolean {
  const { subscription } = purchase;
  // A later read knows better; whatever changed after that brings an event of its own.
  const isRead = (at: Date) =>
    subscription?.by === byReading && subscription.at * 1000 > at.getTime();
  if (events.some(({ eventType, createdAt }) => mayBeStale.has(eventType) && !isRead(createdAt))) {
    return true;
  }
  if (isChangedUntold(purchase) || isUndated(purchase)) return true;
  const lines = presentLines(purchase);
  if (lines.length === 0) return hasPaidSession(purchase);
  if (hasTermsOfWhole(purchase)) return false;
  return lines.some(([itemId, line]) =>
    line.terms === null && !isServed(itemId, line, licenses) && !saysCatalog(purchase, line)
  );
}

/** A paid line names another price than the subscription had when it was last seen, or a new item. */
function isChangedUntold({ subscription, items }: Purchase): boolean {
  if (subscription === null) return false;
  const { at, value: { items: seen, isPartial } } = subscription;
  return Object.entries(items).some(([itemId, { line }]) => {
    const item = seen[itemId];
    if (line.at <= at) return false;
    return item === undefined
      ? !isPartial
      : line.value.priceId !== null && line.value.priceId !== item.line.priceId;
  });
}

/** What is billed by use opens with no time paid for: when its period ends only a snapshot says. */
function isUndated({ subscription, items }: Purchase): boolean {
  return subscription === null &&
    Object.values(items).some(({ paidThrough }) => paidThrough === null);
}

/** By item: as last seen, else as paid for. */
function presentLines({ subscription, items }: Purchase): [itemId: string, line: Line][] {
  if (subscription !== null) {
    return Object.entries(subscription.value.items).map(([id, { line }]) => [id, line]);
  }
  return Object.entries(items).map(([id, { line }]) => [id, line.value]);
}

function hasPaidSession({ sessions }: Purchase): boolean {
  return Object.values(sessions).some(({ payment }) => payment === "paid");
}

function hasTermsOfWhole({ sessions, subscriptionTerms }: Purchase): boolean {
  return Boolean(subscriptionTerms?.value) ||
    Object.values(sessions).some(({ terms }) => terms.value !== null);
}

/** A license stands for the item, or for the whole; not if its price has changed since. */
function isServed(itemId: string, { priceId }: Line, licenses: ReadContext["licenses"]): boolean {
  return licenses.some((license) =>
    (license.stripeItemId === null || license.stripeItemId === itemId) &&
    (license.stripePriceId === null || license.stripePriceId === priceId)
  );
}

/** Whether it is known what the price says and, if that is nothing, the product. */
function saysCatalog({ catalogTerms }: Purchase, { priceId, productId }: Line): boolean {
  const said = (id: string | null) => id === null ? null : catalogTerms[id]?.value;
  const ofPrice = said(priceId);
  return ofPrice === null ? said(productId) !== undefined : ofPrice !== undefined;
}
