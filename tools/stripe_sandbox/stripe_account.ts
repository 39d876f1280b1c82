// What everything in one merchant's Stripe account shares: payload shape, mode, clock, ids, the
// events already sent, and what the read API would give. Knows no objects.
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

/** An object, or a list of all there are, as of a moment; null when it is not there then. */
export type Reading = (at: Date) => Record<string, unknown> | null;

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
  /** All events made so far. */
  events(): StripeEvent[];
  /** Lets the read API give this at that path, such as `/v1/subscriptions/sub_…`. */
  publish(path: string, reading: Reading): void;
  /** What the read API gives at that path; null when there is nothing. */
  read(path: string, at: Date): ReturnType<Reading>;
  /** All it gives of a collection such as `subscriptions`, by id, in the order they came about here. */
  list(collection: string, at: Date): readonly Record<string, unknown>[];
};

/** The account as the read API shows it: in today's payload shape, whatever its events have. */
export function asReadToday(account: StripeAccount): StripeAccount {
  return { ...account, shape: "basil" };
}

export function createStripeAccount(options: StripeAccountOptions = {}): StripeAccount {
  const { shape = "basil", seed = 1, now = SANDBOX_NOW, livemode = false } = options;
  const ids = createIds({ seed, livemode });
  const counts = new Map<string, number>();
  const sent = new Map<string, StripeEvent>();
  const published = new Map<string, Reading>();
  const listed = new Map<string, { as: string; objects: readonly Record<string, unknown>[] }>();

  function list(collection: string, at: Date): readonly Record<string, unknown>[] {
    // Pages are asked for one after the other, of what has not changed between two of them.
    const as = `${wholeSecond(at).getTime()} ${sent.size} ${published.size}`;
    const known = listed.get(collection);
    if (known?.as === as) return known.objects;
    const begins = `/v1/${collection}/`;
    const objects = [...published]
      .filter(([path]) => path.startsWith(begins) && !/[/?]/.test(path.slice(begins.length)))
      .map(([, reading]) => reading(at))
      .filter((object) => object !== null);
    listed.set(collection, { as, objects });
    return objects;
  }

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
    events: () => [...sent.values()].map((event) => structuredClone(event)),
    publish: (path, reading) => void published.set(path, reading),
    read: (path, at) => published.get(path)?.(at) ?? null,
    list,
  };
}
