// Carries a request out: route, token, scope, body, handler. Knows no limit and no fault.

import type { Account } from "./account.ts";
import { type Answer, refusalAnswer, replyAnswer } from "./answer.ts";
import { Refusal } from "./refusal.ts";
import { findRoute } from "./routes.ts";

/** A request as any transport has it. */
export type SandboxRequest = {
  readonly method: string;
  readonly url: URL;
  readonly headers: Headers;
  readonly body: string;
};

/** Who may do what. */
export type Door = { readonly accessToken: string; readonly scopes: readonly string[] };

/** What came of it, and whether anything was changed. */
export type Performed = { readonly answer: Answer; readonly wrote: boolean };

/** Does what `request` asks and answers as the Web API does. */
export function perform(account: Account, request: SandboxRequest, door: Door): Performed {
  try {
    const { route, id } = findRoute(request.method, request.url.pathname);
    if (route.scopes.length > 0) {
      const token = request.headers.get("authorization");
      if (token !== `Bearer ${door.accessToken}`) return denied(account, 401);
      if (!route.scopes.some((scope) => door.scopes.includes(scope))) return denied(account, 403);
    }
    const body = route.takesBody ? readBody(request) : undefined;
    const reply = route.handle({ account, id, query: request.url.searchParams, body });
    return { answer: replyAnswer(reply), wrote: route.method !== "GET" };
  } catch (error) {
    if (!(error instanceof Refusal)) throw error;
    return { answer: refusalAnswer(error), wrote: false };
  }
}

function denied(account: Account, status: 401 | 403): Performed {
  const message = status === 401 ? "The access token is not valid." : "The scope is missing.";
  const answer = account.switches.authRefusalBody === "json"
    ? refusalAnswer({ status, message })
    : replyAnswer({ status });
  return { answer, wrote: false };
}

function readBody(request: SandboxRequest): unknown {
  if (!/^application\/json\b/i.test(request.headers.get("content-type") ?? "")) {
    throw new Refusal(415, "The content type must be application/json.");
  }
  try {
    return JSON.parse(request.body);
  } catch {
    throw new Refusal(400, "The body is not valid JSON.");
  }
}
