// A verified Stripe event -> what it says, and of which purchase. Reads; does not decide.

import { readObject } from "./event_readers.ts";
import type { Reading } from "./reading.ts";
import { customerOf, eventHead } from "./stripe_payloads.ts";
import { missing, notUnderstood, problemOf } from "./understand.ts";

export type { Facts, Reading, Stamp } from "./reading.ts";

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

/** A verified body that is no Stripe event at all. */
export class NotAnEventError extends Error {
  override readonly name = "NotAnEventError";
  readonly retryable = false;
}

const thinEvent: Reading = {
  kind: "ignored",
  reason: "a thin event: send this endpoint snapshot events, they carry what was sold",
};

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
    throw new NotAnEventError(`Cannot read the body as a Stripe event: ${problemOf(parsed.error)}`);
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
  const reading = readObject(data?.object, { at: created ?? NaN, by: id }, type);
  // Facts need a time to be merged.
  const undated = reading.kind === "facts" && typeof created !== "number";
  return { head, reading: undated ? notUnderstood(missing("created")) : reading };
}
