// The function's HTTP: routes, methods, sizes, statuses. Knows nothing of licenses.
// A verified event is never answered 4xx: Stripe would send it for days, then give up for good.

import { errorMessage } from "./log.ts";
import { z } from "zod";
import type { Background } from "./background.ts";
import { bearsSecret } from "./bearer.ts";
import type { World } from "./world.ts";
import { drain } from "./drain.ts";
import { maxBodyBytes, readBody } from "./read_body.ts";
import { NotAnEventError } from "./read_event.ts";
import { receive } from "./receive.ts";
import type { Schedule } from "./schedule.ts";
import { SignatureVerificationError, verify } from "./verify.ts";
import { parseJson } from "./parse_json.ts";

/** What the handler needs besides the world a convergence needs. */
export type HandlerOptions = {
  readonly world: World;
  readonly background: Background;
  readonly stripeWebhookSecrets: readonly string[];
  readonly drainSecrets: readonly string[];
  /** Of the pages that may show buyers their keys; empty: none may. */
  readonly publicOrigins: readonly string[];
  readonly schedule: Schedule;
  readonly now: () => Date;
};

const drainRequest = z.object({ ignore_backoff: z.boolean().default(false) });

/** Supabase passes the path with or without its gateway's prefix. */
const path = /^(?:\/functions\/v1)?\/stripe-cryptlex(?:\/(drain|health|license))?\/?$/;

/** Answers every request; see README, HTTP. */
export function createHandler(options: HandlerOptions): (request: Request) => Promise<Response> {
  return async (request) => {
    const match = path.exec(new URL(request.url).pathname);
    if (match === null) return say(404, "not found");
    try {
      switch (match[1]) {
        case undefined:
          return request.method === "POST"
            ? await acceptEvent(request, options)
            : notAllowed("POST");
        case "drain":
          return request.method === "POST" ? await runDrain(request, options) : notAllowed("POST");
        case "license": {
          // Most starts are a webhook's, which has no use for it.
          const { showKeys } = await import("./show_keys.ts");
          return await showKeys(request, options);
        }
        default:
          return request.method === "GET" ? await showHealth(request, options) : notAllowed("GET");
      }
    } catch (error) {
      // Whatever it was, nothing was acknowledged: Stripe sends it again.
      const message = errorMessage(error);
      options.world.log({ action: "refuse", status: 503, error: message });
      const isEvent = match[1] === undefined;
      return say(503, isEvent ? "could not be recorded; send it again" : "try again later");
    }
  };
}

async function acceptEvent(request: Request, options: HandlerOptions): Promise<Response> {
  const { world, background } = options;
  const body = await readBody(request);
  if (body === null) return say(413, `body larger than ${maxBodyBytes} bytes`);
  try {
    const event = await verify(body, {
      signature: request.headers.get("stripe-signature"),
      secrets: options.stripeWebhookSecrets,
      now: options.now(),
    });
    await receive(event, world, background);
    announce(options);
    return say(200, "recorded");
  } catch (error) {
    if (!(error instanceof SignatureVerificationError || error instanceof NotAnEventError)) {
      throw error;
    }
    world.log({ action: "refuse", status: 400, error: error.message });
    return say(400, error.message);
  }
}

async function runDrain(request: Request, options: HandlerOptions): Promise<Response> {
  if (!(await bearsDrainSecret(request, options))) return unauthorized();
  announce(options);
  const body = await readBody(request);
  if (body === null) return say(413, `body larger than ${maxBodyBytes} bytes`);
  const ignoreBackoff = readIgnoreBackoff(body);
  if (ignoreBackoff === null) return say(400, 'body is neither empty nor {"ignore_backoff": true}');
  const { world, background } = options;
  const work = drain(world, { background, ignoreBackoff });
  // Who asked may hang up before the end, as pg_net does: the work goes on.
  background.run(Promise.allSettled([work]));
  const tally = await work;
  const { pending } = await world.ledger.health();
  return Response.json({ ...tally, pending });
}

function readIgnoreBackoff(body: string): boolean | null {
  if (body.trim() === "") return false;
  return drainRequest.safeParse(parseJson(body)).data?.ignore_backoff ?? null;
}

async function showHealth(request: Request, options: HandlerOptions): Promise<Response> {
  // Anybody may know that it runs; how business goes is for those with the secret.
  const isPublic = !request.headers.has("authorization");
  if (!isPublic && !(await bearsDrainSecret(request, options))) return unauthorized();
  announce(options);
  return Response.json({ status: "ok", ...(isPublic ? {} : await options.world.ledger.health()) });
}

/** Costs the request nothing: it goes on in the background, and is done once. */
function announce({ background, schedule }: HandlerOptions): void {
  background.run(schedule.announce());
}

function bearsDrainSecret(request: Request, options: HandlerOptions): Promise<boolean> {
  return bearsSecret(request, options.drainSecrets, options.schedule.drainSecretDigest);
}

function unauthorized(): Response {
  return say(401, "Authorization: Bearer with the drain secret (CRON_SECRET) is required");
}

function notAllowed(allow: string): Response {
  return Response.json({ message: "method not allowed" }, { status: 405, headers: { allow } });
}

function say(status: number, message: string): Response {
  return Response.json({ message }, { status });
}
