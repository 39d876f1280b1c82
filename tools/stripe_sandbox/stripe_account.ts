// What everything in one merchant's Stripe account shares: payload shape, mode, clock, ids, and the
// events already sent. Knows no objects.
import { createIds, type Ids } from "./ids.ts";
import { createEvent, type PayloadShape, SANDBOX_NOW, type StripeEvent } from "./stripe_event.ts";
import { wholeSecond } from "./unix_time.ts";

export type StripeAccountOptions = {
  /** Default `basil`. */
  shape?: PayloadShape;
  /** Fixes every id; default 1. */
  seed?: number;
  /** When things happen that are given no time of their own; default `SANDBOX_NOW`. */
  now?: Date;
  /** Default false: test mode. */
  livemode?: boolean;
};

/** An event that can be made: what happened, to what, when. */
export type Occurrence = {
  type: string;
  object: Record<string, unknown>;
  created: Date;
  /** Of an update: what the object said before, where it now says something else. */
  previous?: Record<string, unknown>;
};

export type StripeAccount = {
  readonly shape: PayloadShape;
  readonly livemode: boolean;
  readonly now: Date;
  readonly ids: Ids;
  /** A fresh name for another thing of that kind: `order 1`, `order 2`. */
  nextName(kind: string): string;
  /**
   * The event of that name: made at the first call, the same (id and content) at every later one.
   */
  event(name: string, occur: () => Occurrence): StripeEvent;
};

export function createStripeAccount(options: StripeAccountOptions = {}): StripeAccount {
  const { shape = "basil", seed = 1, now = SANDBOX_NOW, livemode = false } = options;
  const ids = createIds({ seed, livemode });
  const counts = new Map<string, number>();
  const sent = new Map<string, StripeEvent>();

  return {
    shape,
    livemode,
    now: wholeSecond(now),
    ids,
    nextName(kind) {
      const count = (counts.get(kind) ?? 0) + 1;
      counts.set(kind, count);
      return `${kind} ${count}`;
    },
    event(name, occur) {
      let event = sent.get(name);
      if (!event) {
        const { type, object, created, previous } = occur();
        const id = ids.of("evt", `${type} ${name}`);
        const envelope = { shape, livemode, created, id, ...(previous && { previous }) };
        event = createEvent(type, object, envelope);
        sent.set(name, event);
      }
      // A copy: a test that bends the payload it got must not bend the resend.
      return structuredClone(event);
    },
  };
}
