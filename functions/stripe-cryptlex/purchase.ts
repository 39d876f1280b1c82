// What is known of one purchase, and how two pieces of knowledge become one.
// A join-semilattice: merge is commutative, associative and idempotent, so the order, the
// repetition and the batching of Stripe's events cannot matter. No IO, no clock.

import { type Charge, mergeCharge } from "./charges.ts";
import { type CutInvoice, mergeCutInvoice } from "./cut_invoices.ts";
import { type Dispute, mergeDispute } from "./disputes.ts";
import { byKey, higher, type Latest, latest, perhaps, withUnknown } from "./lattice.ts";
import { type SeenPeriods, withoutPassed } from "./owed_periods.ts";
import { newerSnapshot, type Snapshot } from "./subscription_snapshot.ts";

/** What a purchase buys in Cryptlex, as named by metadata: all from one place, never mixed. */
export type Terms = {
  readonly productId: string;
  readonly licenseTemplateId: string | null;
  readonly entitlementSetId: string | null;
};

/** How far the money of a checkout session has come. `paid` includes `no_payment_required`. */
const payments = ["unpaid", "failed", "paid"] as const;
export type Payment = typeof payments[number];

/** A checkout session. */
export type Session = {
  readonly payment: Payment;
  /** Its `completed` event was seen; until then another script may have served it. */
  readonly completed: boolean;
  /** What the buyer was to pay, in the currency's smallest unit; null: not said. */
  readonly amountTotal: number | null;
  readonly terms: Latest<Terms | null>;
  /** What it sold, by line item id, `li_…`; null: nobody asked, an event does not say. */
  readonly lines: Readonly<Record<string, Latest<Line>>> | null;
};

/** What a subscription item, an invoice line or a session's line sells. */
export type Line = {
  readonly priceId: string | null;
  readonly productId: string | null;
  /** Its own metadata's. */
  readonly terms: Terms | null;
  /** Null: the price is metered, or nobody said. */
  readonly quantity: number | null;
  /** The price's, an ISO 8601 duration such as `P1M`; null: paid once, or nobody said. */
  readonly interval: string | null;
};

/** Something paid for. */
export type Item = {
  /** End of the latest paid period, Unix seconds; null: no period, as on a one-off invoice. */
  readonly paidThrough: number | null;
  /** Start of the latest paid period, Unix seconds. */
  readonly paidFrom: number | null;
  /** The newest paid line. */
  readonly line: Latest<Line>;
};

/** A buyer's name. `billed`: as an invoice has it, where it may be that of the business. */
export type BuyerName = Latest<string> & { readonly billed?: true };

/** A subscription item as it was last seen in a snapshot; it may be gone since. */
export type ListedItem = {
  /** When it came into the subscription, Unix seconds; null: not said. */
  readonly createdAt: number | null;
  /** It came later than the subscription itself. */
  readonly isAdded: boolean;
  readonly line: Latest<Line>;
};

/** All that is known of one purchase. */
export type Purchase = {
  readonly customerId: Latest<string> | null;
  readonly email: Latest<string> | null;
  readonly name: BuyerName | null;
  /** The name of the buyer's business. */
  readonly company: Latest<string> | null;
  /** The customer was deleted in Stripe: then and for ever nothing of the above but the id is known. */
  readonly erased: boolean;
  /** A customer is to be a user before buying anything: `customer.created` was sent. */
  readonly wantsUser: boolean;
  /** By session id, `cs_…`. */
  readonly sessions: Readonly<Record<string, Session>>;
  /** The subscription's metadata, as it and its invoices carry it. */
  readonly subscriptionTerms: Latest<Terms | null> | null;
  /** A one-off invoice's own metadata. */
  readonly invoiceTerms: Latest<Terms | null> | null;
  /** What prices and products say in their metadata, by `price_…` and `prod_…`. */
  readonly catalogTerms: Readonly<Record<string, Latest<Terms | null>>>;
  /** What was paid for: by subscription item id, `si_…`, or line id of a one-off invoice, `il_…`. */
  readonly items: Readonly<Record<string, Item>>;
  /** When use of an item, to be billed afterwards, began with the subscription, Unix seconds, by `si_…`. */
  readonly usedFrom: Readonly<Record<string, number>>;
  /** Through when use of an item was billed and paid, Unix seconds, by `si_…`. */
  readonly usedThrough: Readonly<Record<string, number>>;
  /** By invoice id, `in_…`. */
  readonly cutInvoices: Readonly<Record<string, CutInvoice>>;
  /** The periods of its items that snapshots showed, unless more is paid by now. */
  readonly periods: SeenPeriods;
  /** By subscription item id, `si_…`: every one that was ever seen. */
  readonly listed: Readonly<Record<string, ListedItem>>;
  /** The subscription as it was last seen. */
  readonly subscription: Latest<Snapshot> | null;
  /** The latest end of a trial, Unix seconds. */
  readonly trialThrough: number | null;
  /** The subscription is over; nothing takes that back. */
  readonly ended: boolean;
  /** By payment intent, `pi_…`, or by charge, `ch_…`, where there is none. */
  readonly charges: Readonly<Record<string, Charge>>;
  /** What was paid of one-off invoices, by `in_…`, in the currency's smallest unit. */
  readonly invoicesPaid: Readonly<Record<string, number>>;
  /** By dispute id, `du_…` or `dp_…`. */
  readonly disputes: Readonly<Record<string, Dispute>>;
  /** Stripe told which invoice the money was for: its ids are linked, and all else is up to events. */
  readonly invoiceKnown: boolean;
};

/** Nothing known: merged with it, any purchase stays what it is. */
export const nothing: Purchase = {
  customerId: null,
  email: null,
  name: null,
  company: null,
  erased: false,
  wantsUser: false,
  sessions: {},
  subscriptionTerms: null,
  invoiceTerms: null,
  catalogTerms: {},
  items: {},
  usedFrom: {},
  usedThrough: {},
  cutInvoices: {},
  periods: {},
  listed: {},
  subscription: null,
  trialThrough: null,
  ended: false,
  charges: {},
  invoicesPaid: {},
  disputes: {},
  invoiceKnown: false,
};

/**
 * Everything both know. Same result for either order, and for a repetition. What a newer release
 * added is kept, though not understood.
 */
export function merge(a: Purchase, b: Purchase): Purchase {
  const erased = a.erased || b.erased;
  const personal = <T>(a: T | null, b: T | null, join: (a: T, b: T) => T) =>
    erased ? null : perhaps(a, b, join);
  const paid = {
    sessions: byKey(a.sessions, b.sessions, mergeSession),
    items: byKey(a.items, b.items, mergeItem),
    usedFrom: byKey(a.usedFrom, b.usedFrom, Math.max),
    usedThrough: byKey(a.usedThrough, b.usedThrough, Math.max),
    cutInvoices: byKey(a.cutInvoices, b.cutInvoices, mergeCutInvoice),
  };
  const periods = byKey(a.periods, b.periods, (a, b) => byKey(a, b, Math.max));
  return withUnknown(a, b, {
    ...paid,
    periods: withoutPassed({ ...paid, periods }),
    customerId: perhaps(a.customerId, b.customerId, latest),
    email: personal<Latest<string>>(a.email, b.email, latest),
    name: personal(a.name, b.name, mergeName),
    company: personal<Latest<string>>(a.company, b.company, latest),
    erased,
    wantsUser: a.wantsUser || b.wantsUser,
    subscriptionTerms: perhaps(a.subscriptionTerms, b.subscriptionTerms, latest),
    invoiceTerms: perhaps(a.invoiceTerms, b.invoiceTerms, latest),
    catalogTerms: byKey(a.catalogTerms, b.catalogTerms, latest),
    listed: byKey(a.listed, b.listed, mergeListed),
    subscription: perhaps(a.subscription, b.subscription, newerSnapshot),
    trialThrough: perhaps(a.trialThrough, b.trialThrough, Math.max),
    ended: a.ended || b.ended,
    charges: byKey(a.charges, b.charges, mergeCharge),
    invoicesPaid: byKey(a.invoicesPaid, b.invoicesPaid, Math.max),
    disputes: byKey(a.disputes, b.disputes, mergeDispute),
    invoiceKnown: a.invoiceKnown || b.invoiceKnown,
  });
}

/** What the buyer or the customer is called, however old; only then what was billed. */
function mergeName(a: BuyerName, b: BuyerName): BuyerName {
  if (a.billed !== b.billed) return a.billed ? b : a;
  return latest<string>(a, b);
}

function mergeSession(a: Session, b: Session): Session {
  return withUnknown(a, b, {
    payment: higher(a.payment, b.payment, (payment) => payments.indexOf(payment)),
    completed: a.completed || b.completed,
    amountTotal: perhaps(a.amountTotal, b.amountTotal, Math.max),
    terms: latest(a.terms, b.terms),
    lines: perhaps(a.lines, b.lines, (a, b) => byKey(a, b, latest)),
  });
}

function mergeItem(a: Item, b: Item): Item {
  return withUnknown(a, b, {
    paidThrough: perhaps(a.paidThrough, b.paidThrough, Math.max),
    paidFrom: perhaps(a.paidFrom, b.paidFrom, Math.max),
    line: latest(a.line, b.line),
  });
}

function mergeListed(a: ListedItem, b: ListedItem): ListedItem {
  return withUnknown(a, b, {
    createdAt: perhaps(a.createdAt, b.createdAt, Math.max),
    isAdded: a.isAdded || b.isAdded,
    line: latest(a.line, b.line),
  });
}
