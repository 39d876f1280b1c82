// A buyer asks for the key on the merchant's success page. Who has no paid session of the last day
// gets one and the same answer, whatever the reason. Keys are neither stored nor logged.

import { atMost } from "./at_most.ts";
import { CryptlexAnsweredError, CryptlexUnansweredError } from "./cryptlex_errors.ts";
import { LedgerError } from "./ledger.ts";
import { readKeys } from "./read_keys.ts";
import { troubleOf } from "./trouble.ts";
import type { World } from "./world.ts";

/** What it takes to show keys. */
export type ShowKeysOptions = { readonly world: World; readonly publicOrigins: readonly string[] };

/** An answer before it is known who may read it. */
type Answer = {
  readonly status: number;
  readonly body: unknown;
  readonly headers?: Readonly<Record<string, string>>;
};

const notFound: Answer = { status: 404, body: { message: "not found" } };

/** As Checkout makes them (docs.stripe.com/api/checkout/sessions/object): nothing else is looked up. */
const sessionId = /^cs_(?:test|live)_[A-Za-z0-9]{20,200}$/;

/** However many ask, deliveries find the database's connections free. */
const inTurn = atMost(4);

/** How long to wait when Cryptlex cannot say, seconds. */
const unansweredSeconds = 5;

/** Answers the buyer's page; see docs/success-page.md. Never rejects for want of the database. */
export async function showKeys(request: Request, options: ShowKeysOptions): Promise<Response> {
  const { status, body, headers } = await answerTo(request, options);
  return new Response(body === null ? null : JSON.stringify(body), {
    status,
    headers: {
      ...(body === null ? {} : { "content-type": "application/json" }),
      "cache-control": "no-store",
      "x-content-type-options": "nosniff",
      "vary": "origin",
      ...allowance(request, options.publicOrigins),
      ...headers,
    },
  });
}

/** What lets a page of one of these origins read the answer; for others nothing does. */
function allowance(request: Request, publicOrigins: readonly string[]): Record<string, string> {
  const origin = request.headers.get("origin");
  if (origin === null || !publicOrigins.includes(origin)) return {};
  return {
    "access-control-allow-origin": origin,
    ...(request.method === "OPTIONS"
      ? { "access-control-allow-methods": "GET", "access-control-max-age": "600" }
      : { "access-control-expose-headers": "retry-after" }),
  };
}

async function answerTo(
  request: Request,
  { world, publicOrigins }: ShowKeysOptions,
): Promise<Answer> {
  if (request.method === "OPTIONS") return { status: 204, body: null };
  if (request.method !== "GET") {
    return {
      status: 405,
      body: { message: "method not allowed" },
      headers: { allow: "GET, OPTIONS" },
    };
  }
  const origin = request.headers.get("origin");
  const isForeign = origin !== null && !publicOrigins.includes(origin);
  const [id, ...more] = new URL(request.url).searchParams.getAll("session_id");
  const isOff = publicOrigins.length === 0 || world.recordOnly;
  if (isOff || isForeign || id === undefined || more.length > 0 || !sessionId.test(id)) {
    return notFound;
  }
  try {
    return await inTurn(() => answerFor(id, world));
  } catch (error) {
    if (!(error instanceof LedgerError)) throw error;
    world.log({ action: "show_keys", status: 503, error: error.message });
    return { ...later(unansweredSeconds), status: 503, body: { message: "try again later" } };
  }
}

async function answerFor(id: string, { ledger, ...world }: World): Promise<Answer> {
  const claim = await ledger.claimKeys(id);
  if (claim.state === "unknown") return notFound;
  if (claim.state === "making") return later(claim.retrySeconds);
  try {
    const licenses = await readKeys(claim.licenseIds, world.cryptlex, {
      before() {},
      after({ action, licenseId, status, ms, error }) {
        world.log({ action, license_id: licenseId, status, ms, error });
      },
    });
    if (licenses === null) return later(unansweredSeconds);
    return licenses.length === 0 ? notFound : { status: 200, body: { licenses } };
  } catch (error) {
    if (!(error instanceof CryptlexAnsweredError || error instanceof CryptlexUnansweredError)) {
      throw error;
    }
    if (!(error instanceof CryptlexAnsweredError)) return later(unansweredSeconds);
    // That it refuses everybody is for all workers to know.
    const { retrySeconds, pauseSeconds } = troubleOf(error, {
      attempts: 0,
      timeoutMs: world.cryptlex.timeoutMs,
      random: world.random(),
    });
    if (error.retryable) await ledger.settleKeys(claim, { status: error.status, pauseSeconds });
    return later(retrySeconds ?? 60);
  }
}

function later(seconds: number): Answer {
  return {
    status: 202,
    body: { message: "the license is being made" },
    headers: { "retry-after": String(Math.max(1, Math.ceil(seconds))) },
  };
}
