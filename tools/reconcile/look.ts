// A purchase as Stripe shows it: facts by the readers the function reads events with. Pure.

import { readObject } from "../../functions/stripe-cryptlex/event_readers.ts";
import {
  freshSessionLines,
  freshSubscription,
} from "../../functions/stripe-cryptlex/fresh_facts.ts";
import { merge, nothing, type Purchase } from "../../functions/stripe-cryptlex/purchase.ts";
import type { Stamp } from "../../functions/stripe-cryptlex/reading.ts";

/** What Stripe showed of one purchase. */
export type Look = {
  /** The best one first. */
  readonly stripeIds: readonly string[];
  readonly customerId: string | null;
  readonly facts: Purchase;
  /** What its session sold, to be added where nothing else says it; null: no session, or unpaid. */
  readonly lines: Purchase | null;
  /** The invoice it is, when it is one written by hand; null: it is none. */
  readonly invoiceId: string | null;
  readonly livemode: boolean;
  readonly readAt: Date;
  /** What could not be understood, each a clause for people. */
  readonly problems: readonly string[];
};

/** What was read for it. Objects as Stripe shows them, with prices and products in them. */
export type Shown = {
  readonly readAt: Date;
  readonly subscription?: unknown;
  readonly sessions: readonly unknown[];
  /** By session id. */
  readonly sessionLines?: readonly unknown[];
  readonly invoices: readonly unknown[];
  /** Charges money of which went back, and their refunds. */
  readonly charges: readonly unknown[];
  readonly refunds: readonly unknown[];
  readonly disputes: readonly unknown[];
};

type Shape = Readonly<Record<string, unknown>>;

/**
 * The look. Of what is only true of its own time, as an invoice's e-mail, that time counts: reading an
 * old invoice today makes it no news.
 */
export function lookAt(shown: Shown): Look {
  const facts: Purchase[] = [];
  const ids: string[] = [];
  const problems: string[] = [];
  const unread: string[] = [];
  const customers: string[] = [];
  const objects = [
    ...told(shown.sessions, "checkout.session.completed", dated("created")),
    ...told(shown.invoices, "invoice.paid", paidAt),
    // Of a charge only what was captured counts: what went back is told by the refunds, all of them.
    ...told(shown.charges.map(withNothingBack), "charge.refunded", dated("created")),
    ...told(shown.refunds, "refund.updated", dated("created")),
    ...told(shown.disputes, "charge.dispute.updated", dated("created")),
  ];
  if (shown.subscription !== undefined) {
    const { readAt, subscription: object } = shown;
    try {
      const fresh = freshSubscription({ readAt, object });
      facts.push(fresh.facts, trialOf(object));
      ids.push(...fresh.stripeIds);
    } catch (error) {
      ids.push(idOf(object));
      problems.push(error instanceof Error ? error.message : String(error));
    }
  }
  for (const { object, type, stamp } of objects) {
    const reading = readObject(object, stamp, type);
    if (reading.kind === "parked") {
      unread.push(idOf(object));
      problems.push(`${idOf(object)} ${reading.reason}`);
    }
    if (reading.kind !== "facts") continue;
    facts.push(reading.facts);
    ids.push(...reading.stripeIds);
    if (reading.customerId !== null) customers.push(reading.customerId);
  }
  // As long as nothing went back, an invoice written by hand is known by its own id, as events tell it.
  const isAlone = shown.subscription === undefined && shown.sessions.length === 0;
  const wentBack = shown.refunds.length + shown.disputes.length > 0;
  if (!isAlone || wentBack) ids.push(...shown.invoices.flatMap(paymentIntentsOf));
  const merged = facts.reduce(merge, nothing);
  const [session] = shown.sessions;
  const lines = session !== undefined && shown.sessionLines !== undefined
    ? freshSessionLines(idOf(session), { readAt: shown.readAt, object: shown.sessionLines }).facts
    : null;
  return {
    // Of one that says nothing its own id is all there is.
    stripeIds: [...new Set(ids.length > 0 ? ids : unread)],
    customerId: merged.customerId?.value ?? customers[0] ?? null,
    facts: merged,
    lines,
    invoiceId: isAlone ? shown.invoices.map(idOf)[0] ?? null : null,
    livemode: livemodeOf(shown),
    readAt: shown.readAt,
    problems,
  };
}

/** The PaymentIntents an invoice was paid by, as `payments` lists them. */
export function paymentIntentsOf(invoice: unknown): string[] {
  const { payments } = invoice as { payments?: { data?: readonly Shape[] } | null };
  return (payments?.data ?? []).flatMap(({ payment }) => {
    const intent = (payment as Shape | undefined)?.payment_intent;
    return typeof intent === "string" ? [intent] : [];
  });
}

function told(objects: readonly unknown[], type: string, at: (object: Shape) => number) {
  return objects.map((object) => {
    const stamp: Stamp = { at: at(object as Shape), by: idOf(object) };
    return { object, type, stamp };
  });
}

function withNothingBack(charge: unknown): unknown {
  return { ...charge as Shape, amount_refunded: 0, refunds: null };
}

/** Its trial, also when that is over: an event would have told of it while it lasted. */
function trialOf(subscription: unknown): Purchase {
  const { trial_end, status } = subscription as Shape;
  const isBegun = typeof trial_end === "number" && !String(status).startsWith("incomplete");
  return { ...nothing, trialThrough: isBegun ? trial_end : null };
}

function dated(field: string): (object: Shape) => number {
  return (object) => Number(object[field]);
}

/** When `invoice.paid` would be dated. */
function paidAt(invoice: Shape): number {
  const { paid_at } = (invoice.status_transitions ?? {}) as Shape;
  return typeof paid_at === "number" ? paid_at : Number(invoice.created);
}

function idOf(object: unknown): string {
  return String((object as Shape).id);
}

function livemodeOf({ subscription, sessions, invoices }: Shown): boolean {
  const [first] = [subscription, ...sessions, ...invoices].filter((one) => one !== undefined);
  return (first as Shape | undefined)?.livemode === true;
}
