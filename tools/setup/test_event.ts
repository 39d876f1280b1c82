// An event of our own, signed as Stripe signs, and what becomes of it: it must arrive in the ledger.
// Stripe sends none on demand.

import { z } from "zod";
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

/** The same for the same endpoint and the same function: sent twice, it is one event. */
export async function testEventId(endpointId: string, deployed: string): Promise<string> {
  return `evt_setup_${(await sha256(`${endpointId} ${deployed}`)).slice(0, 24)}`;
}

const name = "test event";

/**
 * Sends it until it is taken, and watches until its row is settled: half a minute each at most. One
 * that arrived before is not sent again, and without a secret (null) none can be signed.
 */
export async function proveArrival(
  id: string,
  { functionUrl, secret, door, tools }: {
    functionUrl: string;
    secret: string | null;
    door: CallDoor;
    tools: ExamTools;
  },
): Promise<Finding> {
  const before = await arrived(id, door);
  if (before !== null && before.status !== "pending") {
    return ok(name, `${id} arrived when this function was set up, ${before.status}`);
  }
  if (secret === null) {
    return skipped(
      name,
      "not sent: Stripe tells a signing secret once, and nobody told it here",
      "say --signing-secret to have one sent, or --new-endpoint",
    );
  }
  let said = "";
  for (let count = 1; count <= tries; count++) {
    const status = await post(id, { functionUrl, secret, tools });
    if (status === 200) return await watch(id, door, tools);
    said = status === null ? "no answer" : String(status);
    if (count < tries) await tools.wait(pauseMs);
  }
  return failed(
    name,
    `${id} was never taken: the function's last answer was ${said}`,
    "look at the function's log in Supabase's dashboard, then: deno task setup again",
  );
}

/** Null: there was no answer. */
async function post(
  id: string,
  { functionUrl, secret, tools }: { functionUrl: string; secret: string; tools: ExamTools },
): Promise<number | null> {
  const body = {
    id,
    object: "event",
    api_version: pinnedApiVersion,
    created: Math.floor(tools.now().getTime() / 1000),
    data: { object: {} },
    livemode: false,
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

async function watch(id: string, door: CallDoor, { wait }: ExamTools): Promise<Finding> {
  let status = "";
  for (let count = 1; count <= tries; count++) {
    const row = await arrived(id, door);
    if (row !== null && row.status !== "pending") {
      const told = row.outcome === null ? "" : `: ${row.outcome}`;
      return ok(name, `${id} arrived in licensing.stripe_events, ${row.status}${told}`);
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

/** Its row; null: there is none. */
async function arrived(
  id: string,
  door: CallDoor,
): Promise<{ status: string; outcome: string | null } | null> {
  const { events } = await door("explain_purchases", { id, details: 0 }, answer);
  return events?.rows[0] ?? null;
}
