// A verified Stripe event -> what it says, and of which purchase. Reads; does not decide.

import type { Purchase } from "./purchase.ts";
import type { z } from "zod";
import { readCustomer, readDeletedCustomer } from "./read_customer.ts";
import { readInvoice } from "./read_invoice.ts";
import { readSession } from "./read_session.ts";
import {
  checkoutSession,
  customer,
  customerOf,
  deletedCustomer,
  eventHead,
  invoice,
} from "./stripe_payloads.ts";

/** What every recorded event has. */
export type EventHead = {
  readonly eventId: string;
  readonly eventType: string;
  readonly createdAt: Date;
  readonly livemode: boolean;
  readonly apiVersion: string | null;
  /** Whose it is, also where it says nothing else; null: it names no customer. */
  readonly customerId: string | null;
};

/** When something was said, and by which event: what makes a `Latest`. */
export type Stamp = { readonly at: number; readonly by: string };

/** Facts about the purchase that `stripeIds` name. */
export type Facts = {
  readonly kind: "facts";
  /** All ids of the purchase this event knows; the ledger finds the best of them. */
  readonly stripeIds: readonly string[];
  readonly customerId: string | null;
  readonly facts: Purchase;
  /** The first event of its purchase by its kind. */
  readonly opensSale: boolean;
};

/** What an event comes to. `reason` is a sentence for people. */
export type Reading =
  | Facts
  | { readonly kind: "ignored"; readonly reason: string }
  | { readonly kind: "parked"; readonly reason: string };

/** A verified body that is no Stripe event at all. */
export class NotAnEventError extends Error {
  override readonly name = "NotAnEventError";
  readonly retryable = false;
}

/**
 * The event's head and what it says.
 *
 * A handled type that cannot be understood is `parked`, naming the field: if Stripe moves one, paid
 * sales must not vanish quietly. Any other type is `ignored`.
 *
 * @throws {NotAnEventError} when not even the head is Stripe's.
 */
export function readEvent(body: unknown): { head: EventHead; reading: Reading } {
  const parsed = eventHead.safeParse(body);
  if (!parsed.success) {
    throw new NotAnEventError(`Cannot read the body as a Stripe event: ${problem(parsed.error)}`);
  }
  const { id, object, type, created, livemode, api_version, data } = parsed.data;
  const head = {
    eventId: id,
    eventType: type,
    createdAt: new Date((created ?? 0) * 1000),
    livemode,
    apiVersion: api_version ?? null,
    customerId: customerOf.parse(data?.object),
  };
  if (object === "v2.core.event") return { head, reading: thinEvent };
  return { head, reading: readObject(type, data?.object, { at: created ?? NaN, by: id }) };
}

const thinEvent: Reading = {
  kind: "ignored",
  reason: "a thin event: send this endpoint snapshot events, they carry what was sold",
};

function readObject(type: string, object: unknown, stamp: Stamp): Reading {
  const reading = readKnown(type, object, stamp);
  if (reading.kind === "facts" && !Number.isFinite(stamp.at)) {
    return { kind: "parked", reason: "cannot be understood: missing or of another type: created" };
  }
  return reading;
}

function readKnown(type: string, object: unknown, stamp: Stamp): Reading {
  switch (type) {
    case "checkout.session.completed":
    case "checkout.session.async_payment_succeeded":
    case "checkout.session.async_payment_failed":
      return read(checkoutSession, object, (session) => readSession(type, session, stamp));
    case "invoice.paid":
      return read(invoice, object, (paid) => readInvoice(paid, stamp));
    case "customer.created":
      return read(customer, object, (created) => readCustomer(created, stamp));
    case "customer.deleted":
      return read(deletedCustomer, object, (deleted) => readDeletedCustomer(deleted, stamp));
    default:
      return { kind: "ignored", reason: `${type} says nothing about licenses` };
  }
}

function read<T extends z.ZodType>(
  schema: T,
  object: unknown,
  understand: (value: z.infer<T>) => Reading,
): Reading {
  const parsed = schema.safeParse(object);
  return parsed.success
    ? understand(parsed.data)
    : { kind: "parked", reason: `cannot be understood: ${problem(parsed.error)}` };
}

/**
 * Names the fields, never their values: a payload holds people's names and addresses. What metadata
 * is filed under is somebody's words too.
 */
function problem(error: z.ZodError): string {
  const fields = error.issues.map((issue) => {
    const ours = issue.path.slice(0, issue.path.indexOf("metadata") + 1 || undefined);
    const path = ours.join(".") || "the whole of it";
    return issue.code === "invalid_type" ? `${path} (expected ${issue.expected})` : path;
  });
  return `missing or of another type: ${[...new Set(fields)].slice(0, 5).join(", ")}`;
}
