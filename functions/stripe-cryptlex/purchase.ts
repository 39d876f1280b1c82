// What is known of one purchase, and how two pieces of knowledge become one.
// A join-semilattice: merge is commutative, associative and idempotent, so the order, the
// repetition and the batching of Stripe's events cannot matter. No IO, no clock.

import { canonicalJson } from "./canonical_json.ts";

/** What a purchase buys in Cryptlex, as named by metadata: all from one place, never mixed. */
export type Terms = {
  readonly productId: string;
  readonly licenseTemplateId: string | null;
  readonly entitlementSetId: string | null;
};

/** A value that may be stale: the one Stripe dated last counts. */
export type Latest<T> = {
  readonly value: T;
  /** Unix seconds, from Stripe. */
  readonly at: number;
  /** The event that said it; breaks a tie the same way everywhere. */
  readonly by: string;
};

/** How far the money of a checkout session has come. `paid` includes `no_payment_required`. */
export type Payment = "unpaid" | "failed" | "paid";

/** A checkout session. */
export type Session = {
  readonly payment: Payment;
  /** Its `completed` event was seen; until then another script may have served it. */
  readonly completed: boolean;
  readonly terms: Latest<Terms | null>;
};

/** The newest paid line of a subscription item, or a paid line of a one-off invoice. */
export type Line = {
  readonly priceId: string | null;
  readonly productId: string | null;
  readonly terms: Terms | null;
};

/** Something paid for. */
export type Item = {
  /** End of the latest paid period, Unix seconds; null: no period, as on a one-off invoice. */
  readonly paidThrough: number | null;
  readonly line: Latest<Line>;
};

/** All that is known of one purchase. */
export type Purchase = {
  readonly customerId: Latest<string> | null;
  readonly email: Latest<string> | null;
  readonly name: Latest<string> | null;
  /** The customer was deleted in Stripe: then and for ever neither e-mail nor name is known. */
  readonly erased: boolean;
  /** By session id, `cs_…`. */
  readonly sessions: Readonly<Record<string, Session>>;
  /** The subscription's metadata, as its invoices carry it. */
  readonly subscriptionTerms: Latest<Terms | null> | null;
  /** A one-off invoice's own metadata. */
  readonly invoiceTerms: Latest<Terms | null> | null;
  /** By subscription item id, `si_…`, or line id of a one-off invoice, `il_…`. */
  readonly items: Readonly<Record<string, Item>>;
};

/** Nothing known: merged with it, any purchase stays what it is. */
export const nothing: Purchase = {
  customerId: null,
  email: null,
  name: null,
  erased: false,
  sessions: {},
  subscriptionTerms: null,
  invoiceTerms: null,
  items: {},
};

const paymentRank: Record<Payment, number> = { unpaid: 0, failed: 1, paid: 2 };

/**
 * Everything both know. Same result for either order, and for a repetition. What a newer release
 * added is kept, though not understood.
 */
export function merge(a: Purchase, b: Purchase): Purchase {
  const erased = a.erased || b.erased;
  return withUnknown(a, b, {
    customerId: perhaps(a.customerId, b.customerId, latest),
    email: erased ? null : perhaps(a.email, b.email, latest),
    name: erased ? null : perhaps(a.name, b.name, latest),
    erased,
    sessions: byKey(a.sessions, b.sessions, mergeSession),
    subscriptionTerms: perhaps(a.subscriptionTerms, b.subscriptionTerms, latest),
    invoiceTerms: perhaps(a.invoiceTerms, b.invoiceTerms, latest),
    items: byKey(a.items, b.items, mergeItem),
  });
}

function mergeSession(a: Session, b: Session): Session {
  return withUnknown(a, b, {
    payment: paymentRank[a.payment] >= paymentRank[b.payment] ? a.payment : b.payment,
    completed: a.completed || b.completed,
    terms: latest(a.terms, b.terms),
  });
}

function mergeItem(a: Item, b: Item): Item {
  return withUnknown(a, b, {
    paidThrough: perhaps(a.paidThrough, b.paidThrough, Math.max),
    line: latest(a.line, b.line),
  });
}

/** `merged`, and of the fields it does not name the greater of both sides. */
function withUnknown<T extends object>(a: T, b: T, merged: T): T {
  const unknown = (side: T) =>
    Object.fromEntries(Object.entries(side).filter(([key]) => !(key in merged)));
  return { ...byKey(unknown(a), unknown(b), greater), ...merged };
}

function latest<T>(a: Latest<T>, b: Latest<T>): Latest<T> {
  if (a.at !== b.at) return a.at > b.at ? a : b;
  if (a.by !== b.by) return a.by > b.by ? a : b;
  // One event said both, in two lines: any fixed order will do, as long as it is one.
  return greater(a.value, b.value) === a.value ? a : b;
}

/** Of two values always the same one, whichever comes first. */
function greater<T>(a: T, b: T): T {
  return canonicalJson(a) >= canonicalJson(b) ? a : b;
}

function perhaps<T>(a: T | null, b: T | null, join: (a: T, b: T) => T): T | null {
  if (a === null) return b;
  return b === null ? a : join(a, b);
}

function byKey<T>(
  a: Readonly<Record<string, T>>,
  b: Readonly<Record<string, T>>,
  join: (a: T, b: T) => T,
): Record<string, T> {
  // A map: keys are somebody's words, and an object has some of its own (`constructor`).
  const merged = new Map(Object.entries(a));
  for (const [key, value] of Object.entries(b)) {
    const known = merged.get(key);
    merged.set(key, known === undefined ? value : join(known, value));
  }
  return Object.fromEntries(merged);
}
