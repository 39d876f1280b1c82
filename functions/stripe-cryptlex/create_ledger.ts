// The ledger in Postgres: the only caller of its functions. Domain words in and out; decides nothing.

import { z } from "zod";
import { alertSchema } from "./alert.ts";
import { claimSchema } from "./claim.ts";
import { type CallRate, type Ledger, LedgerError } from "./ledger.ts";
import { toLicenseRow } from "./license_row.ts";
import { type Policy, policyDocument } from "./policy.ts";
import type { RpcClient } from "./rpc_client.ts";
import { storableJson } from "./storable_json.ts";

const recorded = z.object({
  recorded: z.enum(["new", "duplicate"]),
  claim: claimSchema.nullable(),
  left: z.string().nullish(),
});
const due = z.object({
  claim: claimSchema.nullable(),
  wait_seconds: z.number().nullable(),
  unread: z.unknown(),
});
const settled = z.object({
  settled: z.boolean(),
  claim: claimSchema.nullable(),
  refused: z.string().nullable(),
});
const alert = z.object({ alert: alertSchema.nullable() });
const told = z.object({ told: z.number() });
const keyClaim = z.discriminatedUnion("state", [
  z.object({ state: z.literal("unknown") }),
  z.object({ state: z.literal("making"), retry_seconds: z.number() }),
  z.object({ state: z.literal("ready"), license_ids: z.array(z.string()), charged: z.unknown() }),
]);
const keysSettled = z.object({ settled: z.literal(true) });
const health = z.object({
  pending: z.number(),
  oldest_pending: z.string().nullable(),
  retrying: z.number(),
  held: z.number(),
  parked: z.number(),
  paused_until: z.string().nullable(),
  token_refused_since: z.string().nullable(),
  stripe_refused_since: z.string().nullable(),
  stripe_not_found_since: z.string().nullable(),
});
const announced = z.object({ drain_secret_sha256: z.string().regex(/^[0-9a-f]{64}$/) });

/** What is nested too deep to be written ends here as it would in Postgres: statement_too_complex. */
function requestText(door: string, request: Record<string, unknown>): string {
  try {
    return storableJson(request);
  } catch (cause) {
    throw cause instanceof RangeError ? new LedgerError(door, "54001", { cause }) : cause;
  }
}

/**
 * The ledger behind a client with the secret key. Every method rejects with {@linkcode LedgerError}.
 *
 * `at` overrides the database's clock, for simulations.
 */
export function createLedger(
  client: RpcClient,
  options: {
    leaseSeconds: number;
    recordOnly: boolean;
    rate: CallRate;
    /** Told where the function is announced. */
    policy?: Policy;
    at?: () => Date;
  },
): Ledger {
  const common = {
    lease_seconds: options.leaseSeconds,
    rehearsal: options.recordOnly,
    rate: options.rate,
  };

  async function call<T extends z.ZodType>(
    door: string,
    request: Record<string, unknown>,
    schema: T,
  ): Promise<z.infer<T>> {
    const { data, error } = await client.rpc(door, {
      request: requestText(door, { ...common, ...request }),
      ...(options.at === undefined ? {} : { at: options.at().toISOString() }),
    });
    // The database's own message may quote what it was given; its code tells enough.
    if (error !== null) throw new LedgerError(door, error.code || null);
    const parsed = schema.safeParse(data);
    if (!parsed.success) {
      throw new LedgerError(door, "an unreadable answer", { cause: parsed.error });
    }
    return parsed.data;
  }

  return {
    async record({ head, reading, payload }, { claims } = { claims: true }) {
      const facts = reading.kind === "facts" ? reading : null;
      const answer = await call("record_stripe_event", {
        event: {
          event_id: head.eventId,
          event_type: head.eventType,
          event_created_at: head.createdAt,
          livemode: head.livemode,
          api_version: head.apiVersion,
          customer_id: head.customerId,
          payload,
        },
        status: reading.kind === "facts" ? "pending" : reading.kind,
        outcome: reading.kind === "facts" ? null : reading.reason,
        last_error: reading.kind === "parked" ? reading.reason : null,
        stripe_ids: "stripeIds" in reading ? reading.stripeIds ?? [] : [],
        customer_id: facts?.customerId ?? null,
        opens_sale: facts?.opensSale ?? false,
        facts: facts?.facts ?? null,
        claims,
      }, recorded);
      return {
        duplicate: answer.recorded === "duplicate",
        claim: answer.claim,
        left: answer.left ?? null,
      };
    },
    claimFresh: async (purchaseId) =>
      (await call("claim_due_purchase", { purchase_id: purchaseId }, due)).claim,
    async claimDue({ ignoreBackoff, except = [] }) {
      const answer = await call(
        "claim_due_purchase",
        { ignore_backoff: ignoreBackoff, except },
        due,
      );
      return { claim: answer.claim, waitSeconds: answer.wait_seconds, unread: answer.unread };
    },
    settle: (claim, done, { takes } = { takes: "news" }) =>
      call("settle_purchase", {
        purchase_id: claim.purchaseId,
        token: claim.token,
        charged: claim.charged,
        takes,
        replays: claim.replays,
        merged: claim.states.length,
        state: done.state,
        events: done.events.map((event) => ({
          event_id: event.eventId,
          claimed_as: claim.events.find((one) => one.eventId === event.eventId)?.status ?? null,
          status: event.status,
          outcome: event.outcome,
          last_error: event.lastError,
        })),
        licenses: done.licenses.map(toLicenseRow),
        customers: done.customers.map((link) => ({
          stripe_customer_id: link.stripeCustomerId,
          user_id: link.userId,
          user_made_by_us: link.userMadeByUs,
          wrote_name: link.wroteName,
        })),
        actions: done.actions.map((action) => ({
          action: action.action,
          license_id: action.licenseId,
          status: action.status,
          ms: action.ms,
          error: action.error,
        })),
        retry_seconds: done.retrySeconds,
        quiet_seconds: done.quietSeconds,
        pause_seconds: done.pauseSeconds,
        must_read: done.mustRead,
        look_again_seconds: done.lookAgainSeconds,
        last_error: done.lastError,
        stripe_ids: done.stripeIds,
        stripe_read: done.stripeRead,
      }, settled),
    health: () => call("licensing_health", {}, health),
    async announce(functionUrl) {
      // Where nobody announces each start it would grow old.
      const policy = functionUrl === null || options.policy === undefined
        ? {}
        : { policy: policyDocument(options.policy) };
      const answer = await call(
        "announce_function",
        { function_url: functionUrl, ...policy },
        announced,
      );
      return answer.drain_secret_sha256;
    },
    claimAlert: async () => (await call("claim_alert", {}, alert)).alert,
    async settleAlert({ token }) {
      await call("settle_alert", { token }, told);
    },
    async claimKeys(sessionId) {
      const answer = await call("claim_license_keys", { session_id: sessionId }, keyClaim);
      switch (answer.state) {
        case "unknown":
          return answer;
        case "making":
          return { state: "making", retrySeconds: answer.retry_seconds };
        case "ready":
          return { state: "ready", licenseIds: answer.license_ids, charged: answer.charged };
      }
    },
    async settleKeys({ charged }, { status, pauseSeconds }) {
      const refused = { charged, actions: [{ status }], pause_seconds: pauseSeconds };
      await call("settle_license_keys", refused, keysSettled);
    },
  };
}
