// One story in a world of its own: the real ledger, the Cryptlex sandbox, and a clock that is only
// ours. Whoever dies is followed by another worker.

import {
  createCryptlexSandbox,
  type CryptlexSandbox,
  type SandboxLicense,
} from "../../../tools/cryptlex_sandbox/sandbox.ts";
import type { Policy } from "../../../functions/stripe-cryptlex/policy.ts";
import type { LedgerDatabase } from "../../database/ledger_database.ts";
import { createFate, type Death, type DeathRule } from "./fate.ts";
import { catalogue, type Told } from "./story.ts";
import { beginWorker } from "./worker.ts";

/** How a story ended. Licenses that can be used, users by e-mail, events by their status. */
export type Ended = {
  readonly licenses: readonly {
    readonly product: string;
    readonly user: string | undefined;
    readonly until: Date | null;
  }[];
  readonly users: readonly string[];
  readonly events: readonly string[];
  /** Purchases somebody has on lease, though nobody is there. */
  readonly leased: readonly string[];
  /** Every call through a port, in order. */
  readonly calls: readonly string[];
  readonly died: number;
  /** All licenses there are, usable or not, in the order they were made. */
  readonly all: readonly SandboxLicense[];
};

export type PlayOptions = {
  readonly deaths: readonly Death[] | DeathRule;
  /** What Stripe's API answers at a time; absent: there is no key to ask it with. */
  readonly stripe?: (url: URL, at: Date) => Response;
  /** The merchant's choices, other than the defaults. */
  readonly policy?: Partial<Policy>;
  /** Is what is due drained between the events, or does the next event find it? */
  readonly drains: boolean;
};

const minute = 60_000;
/** Stripe's first resend comes within the hour. */
const resentAfter = 45 * minute;
/** A life with a dozen deaths takes fewer. */
const mostDrains = 300;

/** Plays the story to its end: until nothing is due any more. */
export async function play(db: LedgerDatabase, story: Told, options: PlayOptions): Promise<Ended> {
  await empty(db, story);
  const clock = { now: new Date(0) };
  const fate = createFate(options.deaths);
  const sandbox = createCryptlexSandbox({ ...story.account ?? catalogue, now: () => clock.now });
  const { policy = {}, stripe = null } = options;
  const begin = () => beginWorker({ db, sandbox, fate, clock, policy, stripe });

  async function drainUntil(end: Date | null): Promise<void> {
    for (let drains = 0; drains < mostDrains; drains++) {
      const due = await nextDue(db, clock.now);
      if (due === null || (end !== null && due > end)) return;
      clock.now = due;
      await begin().drain();
      // What did not become due by that will not before some time has passed.
      clock.now = new Date(clock.now.getTime() + 1000);
    }
    throw new Error(`Something is still due after ${mostDrains} drains`);
  }

  for (const hand of story.byHand?.filter(({ after }) => after === 0) ?? []) hand.act(sandbox);
  const deliveries = story.events.map((event, index) => ({
    event,
    nth: index + 1,
    at: new Date(event.created * 1000),
  }));
  for (let next = deliveries.shift(); next !== undefined; next = deliveries.shift()) {
    if (options.drains) await drainUntil(next.at);
    // A second for the way; an event delivered late comes after what came before it.
    clock.now = new Date(Math.max(next.at.getTime(), clock.now.getTime()) + 1000);
    const { event, nth } = next;
    if (await begin().deliver(event)) {
      for (const hand of story.byHand?.filter(({ after }) => after === nth) ?? []) {
        await drainUntil(null);
        hand.act(sandbox);
      }
      continue;
    }
    const at = new Date(clock.now.getTime() + resentAfter);
    const later = deliveries.findIndex((one) => one.at > at);
    deliveries.splice(later < 0 ? deliveries.length : later, 0, { event, nth, at });
  }
  await drainUntil(null);
  return { ...await ending(db, sandbox), calls: fate.calls, died: fate.died() };
}

/** Nothing known, the plans of the story, and a full allowance of calls. */
async function empty({ sql }: LedgerDatabase, { plans = {} }: Told): Promise<void> {
  await sql.unsafe(`
    delete from licensing.license_actions;
    delete from licensing.licenses;
    delete from licensing.stripe_events;
    delete from licensing.purchase_links;
    delete from licensing.purchases;
    delete from licensing.customers;
    delete from licensing.plans;
    delete from licensing.cryptlex_limit;
    insert into licensing.cryptlex_limit default values;
  `).simple();
  for (const [stripeId, sold] of Object.entries(plans)) {
    const row = typeof sold === "string" ? { cryptlex_product_id: sold } : sold;
    await sql`insert into licensing.plans ${sql({ stripe_id: stripeId, ...row })}`;
  }
}

/** When a drain may next find something to do, `now` at the earliest; null: all is done. */
async function nextDue({ sql }: LedgerDatabase, now: Date): Promise<Date | null> {
  const [row] = await sql<{ due: Date | null }[]>`
    select greatest(min(due_at), ${now}) as due from licensing.waiting having count(*) > 0`;
  return row?.due ?? null;
}

async function ending(
  { sql }: LedgerDatabase,
  sandbox: CryptlexSandbox,
): Promise<Omit<Ended, "calls" | "died">> {
  const events = await sql<{ event_type: string; status: string }[]>`
    select event_type, status from licensing.stripe_events order by event_created_at, event_id`;
  const leased = await sql<{ purchase_id: string }[]>`
    select purchase_id from licensing.purchases where lease_token is not null`;
  return {
    licenses: sandbox.licenses().filter((one) => !one.revoked && !one.suspended)
      .map((one) => ({
        product: one.productId,
        user: one.user?.email,
        until: one.expiresAt === null ? null : new Date(one.expiresAt),
      }))
      .sort((a, b) => a.product < b.product ? -1 : 1),
    users: sandbox.users().map((user) => user.email),
    events: events.map((event) => `${event.event_type} ${event.status}`),
    leased: leased.map((purchase) => purchase.purchase_id),
    all: sandbox.licenses(),
  };
}
