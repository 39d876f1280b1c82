// Lives a life: the real function on the real ledger, told in order or not, once or twice, with or
// without a crash after every event. Compares what can be used in the end.

import { strict as assert } from "node:assert";
import { answerRead } from "../../../tools/stripe_sandbox/stripe_api.ts";
import { createStripeShop, type StripeShop } from "../../../tools/stripe_sandbox/stripe_shop.ts";
import type { StripeEvent } from "../../../tools/stripe_sandbox/stripe_event.ts";
import { databaseTest, type LedgerDatabase } from "../../database/ledger_database.ts";
import type { DeathRule } from "../deaths/fate.ts";
import { type Ended, play } from "../deaths/play.ts";
import { type ByHand, graceDays } from "../deaths/story.ts";
import { type Has, type Life, plans, type Told } from "./life.ts";

/** How a life is told. Between two things an operator does, order is free. */
type Telling = {
  readonly name: string;
  readonly arrange: (events: readonly StripeEvent[]) => readonly StripeEvent[];
  readonly deaths?: DeathRule;
  /** Stripe can be asked, once it has failed so often; absent: there is no key. */
  readonly stripeFails?: number;
};

const inOrder: Telling = { name: "in order", arrange: (events) => events };

const tellings: readonly Telling[] = [
  { ...inOrder, name: "in order, and Stripe can be asked", stripeFails: 0 },
  {
    name: "backwards, and Stripe can be asked",
    arrange: (events) => events.toReversed(),
    stripeFails: 0,
  },
  {
    name: "shuffled (4), and Stripe does not answer at first",
    arrange: (events) => shuffled(events, 4),
    stripeFails: 3,
  },
  { name: "backwards", arrange: (events) => events.toReversed() },
  ...[1, 2, 3].map((seed): Telling => ({
    name: `shuffled (${seed})`,
    arrange: (events) => shuffled(events, seed),
  })),
  { name: "each twice", arrange: (events) => events.flatMap((event) => [event, event]) },
  {
    name: "all twice, the second time backwards",
    arrange: (events) => [...events, ...events.toReversed()],
  },
  {
    name: "with a crash after each event",
    arrange: (events) => events,
    // Its worker has recorded it, and dies with the next thing it does.
    deaths: (calls) =>
      calls.length === 2 && calls[0] === "record_stripe_event" ? "before" : undefined,
  },
];

/** A test of each life in every telling. */
export function livesTest(name: string, lives: readonly Life[]): void {
  databaseTest(name, async (db, t) => {
    for (const life of lives) {
      for (const telling of [inOrder, ...tellings]) {
        if (life.needsStripe && telling.stripeFails === undefined) continue;
        await t.step(`${life.name}: ${telling.name}`, () => live(db, life, telling));
      }
    }
  });
}

/** Lives it once, and fails unless it ends as it must. */
async function live(db: LedgerDatabase, life: Life, telling: Telling): Promise<void> {
  const shop = createStripeShop(life.shape === undefined ? {} : { shape: life.shape });
  const told = life.tell(shop);
  const { events, byHand } = arranged(told, telling);
  const ended = await play(db, {
    events,
    byHand,
    ...(life.plans === null ? {} : { plans: life.plans ?? plans }),
  }, {
    deaths: telling.deaths ?? [],
    drains: true,
    policy: life.policy ?? {},
    ...(telling.stripeFails === undefined ? {} : {
      stripe: stripeOf(shop, telling.stripeFails),
    }),
  });
  assert.deepEqual(usable(ended), told.ends.map(asShown).sort(), telling.name);
  assert.deepEqual(ended.leased, []);
  const unsettled = ended.events.filter((event) => !/ (applied|ignored)$/.test(event));
  if (told.needsPerson) assert.match(unsettled.join(), / parked/);
  else assert.deepEqual(unsettled, []);
  if (telling.name.startsWith(inOrder.name)) {
    assert.equal(ended.all.length, told.made, "licenses made in all");
  }
  told.also?.(ended.all);
}

/** Stripe's API as it would answer at that time; the first few times it fails. */
function stripeOf(shop: StripeShop, fails: number): (url: URL, at: Date) => Response {
  let left = fails;
  return (url, at) => {
    if (left-- > 0) return new Response("no", { status: 503 });
    const { status, body } = answerRead([shop], { method: "GET", url, at });
    return Response.json(body, { status, headers: { date: at.toUTCString() } });
  };
}

function arranged(
  { happens }: Told,
  { arrange }: Telling,
): { events: StripeEvent[]; byHand: ByHand[] } {
  const events: StripeEvent[] = [];
  const byHand: ByHand[] = [];
  let segment: StripeEvent[] = [];
  for (const one of [...happens, () => {}]) {
    if (one === null) continue;
    if (typeof one !== "function") {
      segment.push(one);
      continue;
    }
    events.push(...arrange(segment));
    segment = [];
    byHand.push({ after: events.length, act: one });
  }
  return { events, byHand };
}

function usable({ all }: Ended): string[] {
  return all.filter((one) => !one.revoked && !one.suspended).map((one) =>
    shown({
      product: one.productId,
      until: one.expiresAt === null ? null : new Date(one.expiresAt),
      activations: one.allowedActivations ?? undefined,
      floatingClients: one.allowedFloatingClients ?? undefined,
      entitlementSet: one.entitlementSetId ?? undefined,
    })
  ).sort();
}

/** What the template says, where the life says nothing. */
const untold = { activations: 1, floatingClients: 0 };

function asShown({ paidThrough, ...has }: Has): string {
  const until = paidThrough &&
    new Date(paidThrough.getTime() + graceDays * 24 * 60 * 60 * 1000);
  return shown({ ...untold, ...has, until });
}

function shown(
  { product, until, activations, floatingClients, entitlementSet }: {
    product: string;
    until: Date | null;
    activations?: number | undefined;
    floatingClients?: number | undefined;
    entitlementSet?: string | undefined;
  },
): string {
  return [
    product,
    // Two dates within an hour are the same to a license.
    until === null ? "for ever" : `until ${hours(until)}`,
    `${activations} activations`,
    `${floatingClients} floating clients`,
    entitlementSet ?? "no set",
  ].join(", ");
}

function hours(date: Date): string {
  return new Date(Math.round(date.getTime() / 3_600_000) * 3_600_000).toISOString().slice(0, 13);
}

function shuffled<T>(items: readonly T[], seed: number): T[] {
  const left = [...items];
  const taken: T[] = [];
  for (let state = seed; left.length > 0;) {
    state = (state * 1_103_515_245 + 12_345) % 2_147_483_648;
    taken.push(...left.splice(state % left.length, 1));
  }
  return taken;
}
