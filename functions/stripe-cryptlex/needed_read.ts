// Which object of Stripe's a convergence has to see again, given a key: one at most. Pure.

import type { KnownLicense } from "./known_license.ts";
import type { Line, Purchase } from "./purchase.ts";
import { byReading } from "./reading.ts";

/** An object to be read. */
export type NeededRead =
  | { readonly kind: "subscription"; readonly id: string }
  | { readonly kind: "session_lines"; readonly sessionId: string }
  | { readonly kind: "invoice"; readonly paymentIntent: string };

/** What is known besides the purchase. */
type Context = {
  readonly purchaseId: string;
  /** Those to be settled. */
  readonly events: readonly { readonly eventType: string; readonly createdAt: Date }[];
  readonly licenses: readonly Pick<KnownLicense, "stripeItemId" | "stripePriceId">[];
};

/** What such an event shows may be of before others that came earlier. */
const mayBeStale = new Set(
  ["created", "updated", "paused", "resumed"].map((what) => `customer.subscription.${what}`),
);

/** Null: enough is known. An ended purchase asks for nothing more. */
export function neededRead(purchase: Purchase, context: Context): NeededRead | null {
  if (purchase.ended) return null;
  const { purchaseId } = context;
  if (purchaseId.startsWith("sub_")) {
    return needsSubscription(purchase, context) ? { kind: "subscription", id: purchaseId } : null;
  }
  if (purchaseId.startsWith("pi_") || purchaseId.startsWith("cs_")) {
    const sessionId = unlistedSession(purchase, context);
    if (sessionId !== null) return { kind: "session_lines", sessionId };
  }
  if (purchaseId.startsWith("pi_") && isMoneyAlone(purchase)) {
    return { kind: "invoice", paymentIntent: purchaseId };
  }
  return null;
}

function needsSubscription(purchase: Purchase, { events, licenses }: Context): boolean {
  const { subscription } = purchase;
  // A later read knows better; whatever changed after that brings an event of its own.
  const isRead = (at: Date) =>
    subscription?.by === byReading && subscription.at * 1000 > at.getTime();
  if (events.some(({ eventType, createdAt }) => mayBeStale.has(eventType) && !isRead(createdAt))) {
    return true;
  }
  const lines = presentLines(purchase);
  if (lines.length === 0) return hasPaidSession(purchase);
  if (hasTermsOfWhole(purchase)) return false;
  return lines.some(([itemId, line]) =>
    line.terms === null && !isServed(itemId, line, licenses) && !saysCatalog(purchase, line)
  );
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
function isServed(itemId: string, { priceId }: Line, licenses: Context["licenses"]): boolean {
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

/** A paid session of which nothing says what it sold, nor any license. */
function unlistedSession({ sessions, items }: Purchase, { licenses }: Context): string | null {
  if (licenses.length > 0 || Object.keys(items).length > 0) return null;
  const unlisted = Object.entries(sessions).filter(([, { payment, terms, lines }]) =>
    payment === "paid" && terms.value === null && lines === null
  );
  return unlisted.map(([id]) => id).sort()[0] ?? null;
}

/** Money came back or is disputed, and nothing says for what it was paid. */
function isMoneyAlone(
  { sessions, items, charges, disputes, invoiceKnown }: Purchase,
): boolean {
  const known = (record: object) => Object.keys(record).length > 0;
  return !invoiceKnown && !known(sessions) && !known(items) && (known(charges) || known(disputes));
}
