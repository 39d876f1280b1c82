// The real migrations on a real PostgreSQL, behind the function's own ledger, called as the
// function calls it: as service_role.

import type { Policy } from "../../functions/stripe-cryptlex/policy.ts";
import type { RpcClient } from "../../functions/stripe-cryptlex/rpc_client.ts";
import postgres from "postgres";
import { createLedger } from "../../functions/stripe-cryptlex/create_ledger.ts";
import {
  type CallRate,
  type EventOutcome,
  type Ledger,
  type RecordedEvent,
  type Settlement,
} from "../../functions/stripe-cryptlex/ledger.ts";
import { nothing } from "../../functions/stripe-cryptlex/purchase.ts";
import { readEvent } from "../../functions/stripe-cryptlex/read_event.ts";
import type { Claim } from "../../functions/stripe-cryptlex/claim.ts";
import { applyMigrations } from "../../tools/local_stack/apply_migrations.ts";
import { postgresRpc } from "../../tools/local_stack/postgres_rpc.ts";
import { startPostgres } from "../../tools/local_stack/postgres.ts";

export const leaseSeconds = 100;

/** So many calls that no test waits for them. */
const unhurried: CallRate = { calls: 100_000, seconds: 5 };

export type LedgerDatabase = {
  readonly sql: postgres.Sql;
  /** Calls the doors as service_role. */
  readonly client: RpcClient;
  /** A ledger whose clock is `at`, a moving one if it is a function. */
  ledger(
    at: Date | (() => Date),
    options?: { recordOnly?: boolean; rate?: CallRate; policy?: Policy },
  ): Ledger;
};

/** A test on a database of its own. */
export function databaseTest(
  name: string,
  body: (db: LedgerDatabase, t: Deno.TestContext) => Promise<void>,
): void {
  Deno.test({ name, sanitizeOps: false, sanitizeResources: false }, async (t) => {
    const server = await startPostgres();
    try {
      const url = server.url(await server.createDatabase());
      await applyMigrations(url, new URL("../../supabase/migrations/", import.meta.url));
      const sql = postgres(url, { max: 25, onnotice: () => {} });
      const doors = postgres(url, {
        max: 25,
        onnotice: () => {},
        connection: { role: "service_role" },
      });
      try {
        await body(ledgerDatabase(sql, doors), t);
      } finally {
        await sql.end();
        await doors.end();
      }
    } finally {
      await server.stop();
    }
  });
}

function ledgerDatabase(sql: postgres.Sql, doors: postgres.Sql): LedgerDatabase {
  const client = postgresRpc(doors);
  return {
    sql,
    client,
    ledger: (at, { recordOnly = false, rate = unhurried, policy } = {}) =>
      createLedger(client, {
        leaseSeconds,
        recordOnly,
        rate,
        ...(policy && { policy }),
        at: typeof at === "function" ? at : () => at,
      }),
  };
}

/** An event about the purchase that `stripeIds` name. */
export function recorded(
  eventId: string,
  stripeIds: readonly string[],
  email = "a@example.com",
): RecordedEvent {
  return {
    payload: { id: eventId },
    head: {
      eventId,
      eventType: "invoice.paid",
      createdAt: new Date("2026-01-01T00:00:00Z"),
      livemode: false,
      apiVersion: null,
      customerId: null,
    },
    reading: {
      kind: "facts",
      stripeIds,
      customerId: null,
      opensSale: false,
      facts: { ...nothing, email: { value: email, at: 1, by: eventId } },
    },
  };
}

/** A Stripe event as the function hands it to the ledger. */
export function received(payload: unknown): RecordedEvent {
  return { ...readEvent(payload), payload };
}

/** A settlement in which all went well and nothing was called. */
export function applied(claim: Claim, changed: Partial<Settlement> = {}): Settlement {
  return {
    state: nothing,
    events: claim.events.map(({ eventId }) => ({
      eventId,
      status: "applied",
      outcome: "done",
      lastError: null,
    })),
    licenses: [],
    customers: [],
    actions: [],
    retrySeconds: null,
    quietSeconds: null,
    pauseSeconds: null,
    mustRead: false,
    lookAgainSeconds: null,
    lastError: null,
    stripeIds: [],
    stripeRead: null,
    ...changed,
  };
}

/** A settlement that needs a person: every event is parked. */
export function parked(claim: Claim): Settlement {
  const lastError = "no such product";
  const events = applied(claim).events.map((event): EventOutcome => ({
    ...event,
    status: "parked",
    outcome: null,
    lastError,
  }));
  return applied(claim, { events, lastError });
}

/** A settlement that is to be tried again. */
export function failed(claim: Claim, changed: Partial<Settlement> = {}): Settlement {
  return applied(claim, {
    events: claim.events.map(({ eventId, status }) => ({
      eventId,
      status,
      outcome: null,
      lastError: "it failed",
    })),
    retrySeconds: 60,
    lastError: "it failed",
    ...changed,
  });
}

/** The claim, or a failed assertion. */
export function claimOf(answer: { claim: Claim | null }): Claim {
  if (answer.claim === null) throw new Error("Expected a claim, and there was none");
  return answer.claim;
}
