// An event of our own, signed as Stripe signs, and what becomes of it: it must arrive in the ledger.
// Stripe sends none on demand.

import { z } from "zod";
import { otherModeReason } from "../../functions/stripe-cryptlex/livemode.ts";
import type { ExamTools } from "../doctor/exam.ts";
import { failed, type Finding, ok, skipped } from "../doctor/finding.ts";
import type { CallDoor } from "../operator/call_doors.ts";
import { pinnedApiVersion } from "../operator/stripe_versions.ts";
import { deliver } from "../stripe_sandbox/sign.ts";
import { sha256 } from "./digest.ts";

/** Stripe has no such type; the function ignores what it does not know. */
export const testEventType = "stripe_cryptlex.setup";

const answer = z.object({
  events: z.object({
    rows: z.array(z.object({ status: z.string(), outcome: z.string().nullable() })),
  }).nullable(),
});

/** So often, and so far apart: a deploy and a secret take a moment until they are everywhere. */
const tries = 15;
const pauseMs = 2000;

/**
 * The same for the same endpoint, function and Stripe key of its own: sent twice, it is one event.
 * `deployed`, `keyDigest`: as Supabase tells of them; empty: it has none.
 */
export async function testEventId(
  endpointId: string,
  { deployed, keyDigest }: { deployed: string; keyDigest: string },
): Promise<string> {
  return `evt_setup_${(await sha256(`${endpointId} ${deployed} ${keyDigest}`)).slice(0, 24)}`;
}

const name = "test event";

type Mode = "live" | "test";

export type Proof = {
  readonly functionUrl: string;
  /** The mode that is set up, which is the event's, too. */
  readonly mode: Mode;
  /** Null: nobody told it. */
  readonly secret: string | null;
  readonly door: CallDoor;
  readonly tools: ExamTools;
};

/**
 * Sends it until it is taken, and watches until its row is settled: half a minute each at most. One
 * that came to something is not sent again, and without a secret none can be signed. Fails when the
 * function acts on the other mode only: then what Stripe sends it comes to nothing.
 */
export async function proveArrival(
  id: string,
  { functionUrl, mode, secret, door, tools }: Proof,
): Promise<Finding> {
  const before = await arrived(id, door);
  if (before !== null && before.status !== "pending") {
    const problem = otherMode(before, mode);
    if (problem === null) {
      return ok(name, `${id} arrived when this function was set up, ${before.status}`);
    }
    if (secret === null) return problem;
  }
  if (secret === null) {
    return skipped(
      name,
      "not sent: Stripe tells a signing secret once, and nobody told it here",
      "say --signing-secret to have one sent, or --new-endpoint",
    );
  }
  // It may have been taken before a change of the key was everywhere: then another is.
  const sent = before === null || before.status === "pending"
    ? id
    : `${id}_${tools.now().getTime()}`;
  let said = "";
  for (let count = 1; count <= tries; count++) {
    const status = await post(sent, { functionUrl, mode, secret, tools });
    if (status === 200) return await watch(sent, { mode, door, tools });
    said = status === null ? "no answer" : String(status);
    if (count < tries) await tools.wait(pauseMs);
  }
  return failed(
    name,
    `${sent} was never taken: the function's last answer was ${said}`,
    "look at the function's log in Supabase's dashboard, then: deno task setup again",
  );
}

/** Null: there was no answer. */
async function post(
  id: string,
  { functionUrl, mode, secret, tools }: Omit<Proof, "door" | "secret"> & { secret: string },
): Promise<number | null> {
  const body = {
    id,
    object: "event",
    api_version: pinnedApiVersion,
    created: Math.floor(tools.now().getTime() / 1000),
    data: { object: {} },
    livemode: mode === "live",
    pending_webhooks: 1,
    request: null,
    type: testEventType,
  };
  try {
    const response = await deliver(functionUrl, JSON.stringify(body), {
      secret,
      at: tools.now(),
      fetch: (input, init) =>
        tools.fetch(input, { ...init, redirect: "manual", signal: AbortSignal.timeout(10_000) }),
    });
    await response.body?.cancel();
    return response.status;
  } catch {
    return null;
  }
}

async function watch(
  id: string,
  { mode, door, tools: { wait } }: Pick<Proof, "mode" | "door" | "tools">,
): Promise<Finding> {
  let status = "";
  for (let count = 1; count <= tries; count++) {
    const row = await arrived(id, door);
    if (row !== null && row.status !== "pending") {
      const told = row.outcome === null ? "" : `: ${row.outcome}`;
      return otherMode(row, mode) ??
        ok(name, `${id} arrived in licensing.stripe_events, ${row.status}${told}`);
    }
    status = row?.status ?? "not there";
    if (count < tries) await wait(pauseMs);
  }
  return failed(
    name,
    `${id} was answered 200, and in licensing.stripe_events it is ${status}`,
    "does SUPABASE_URL name the project that the function runs in?",
  );
}

/** Null: the function acts on the mode that is set up. */
function otherMode({ outcome }: Row, mode: Mode): Finding | null {
  if (outcome !== otherModeReason(mode !== "live")) return null;
  return failed(
    name,
    `everything of ${mode} mode is ignored: the project's STRIPE_SECRET_KEY is of the other mode, ` +
      "and its mode is the only one acted on",
    `set STRIPE_SECRET_KEY=rk_${mode}_… and call setup again, or have none: supabase secrets unset ` +
      "STRIPE_SECRET_KEY",
  );
}

type Row = { readonly status: string; readonly outcome: string | null };

/** Its row; null: there is none. */
async function arrived(
  id: string,
  door: CallDoor,
): Promise<Row | null> {
  const { events } = await door("explain_purchases", { id, details: 0 }, answer);
  return events?.rows[0] ?? null;
}
