// One request to the Cryptlex Web API, and what came of it. Knows HTTP; not what it is for.

import type { z } from "zod";
import { CryptlexAnsweredError, CryptlexUnansweredError } from "./cryptlex_errors.ts";
import { maskAddresses } from "./mask_addresses.ts";
import { maskNames } from "./mask_names.ts";
import { parseJson } from "./parse_json.ts";

/** Where and how to reach Cryptlex. */
export type CryptlexConnection = {
  readonly baseUrl: string;
  readonly accessToken: string;
  readonly timeoutMs: number;
  readonly fetch: typeof fetch;
  /** Of people the requests are about, kept out of errors. */
  readonly names?: readonly string[];
};

/** A request, `template` naming it without ids. */
export type CryptlexRequest = {
  readonly method: "GET" | "POST" | "PATCH";
  readonly template: string;
  readonly path: string;
  readonly body?: unknown;
  /** Doing it twice, or late, is wrong: it must leave this machine at most once. */
  readonly once?: boolean;
};

/** What came back, as far as it concerns the audit. */
export type Answer<T> = { readonly status: number; readonly body: T };

/**
 * Cryptlex's answer, read with `schema`.
 *
 * @throws {CryptlexAnsweredError} it refused: a 4xx other than 408.
 * @throws {CryptlexUnansweredError} anything else: it may or may not have done it.
 */
export async function requestCryptlex<T extends z.ZodType>(
  { baseUrl, accessToken, timeoutMs, fetch, names = [] }: CryptlexConnection,
  request: CryptlexRequest,
  schema: T,
): Promise<Answer<z.infer<T>>> {
  const call = { method: request.method, path: request.template };
  // One signal for headers and body: a server that stops half way has not answered.
  const signal = AbortSignal.timeout(timeoutMs);
  let response: Response;
  let text: string;
  try {
    response = await fetch(`${baseUrl}${request.path}`, {
      method: request.method,
      headers: {
        authorization: `Bearer ${accessToken}`,
        ...(request.body === undefined ? {} : { "content-type": "application/json" }),
      },
      ...sentBody(request),
      // Following one could send a POST twice, or the token elsewhere.
      redirect: "manual",
      signal,
    });
    text = await response.text();
  } catch (error) {
    const why = signal.aborted ? `nothing within ${timeoutMs} ms` : "the connection failed";
    throw new CryptlexUnansweredError(call, why, { cause: error });
  }

  const { status } = response;
  if (status >= 400 && status < 500 && status !== 408) {
    throw new CryptlexAnsweredError(call, {
      status,
      ...readRefusal(text, names),
      retryAfterSeconds: readRetryAfter(response.headers.get("retry-after")),
    });
  }
  if (status < 200 || status >= 300) {
    throw new CryptlexUnansweredError(call, `status ${status}`);
  }
  const body = schema.safeParse(parseJson(text));
  if (!body.success) throw new CryptlexUnansweredError(call, `status ${status}, unreadable body`);
  return { status, body: body.data };
}

/**
 * Deno's fetch sends a request a second time, unasked, when a pooled connection dies under it, a
 * POST that was carried out included (github.com/denoland/deno/issues/35610); all but a streamed
 * body, which it cannot repeat.
 */
function sentBody({ body, once }: CryptlexRequest): { body?: BodyInit } {
  const text = body === undefined ? "" : JSON.stringify(body);
  if (once) return { body: new Blob([text]).stream() };
  return body === undefined ? {} : { body: text };
}

/** `{message, code?}`; a proxy before Cryptlex, or its rate limiter, answers in plain text. */
function readRefusal(
  text: string,
  names: readonly string[],
): { message: string; code: string | null } {
  const body = parseJson(text);
  const named = (key: string) =>
    typeof body === "object" && body !== null && key in body
      ? (body as Record<string, unknown>)[key]
      : undefined;
  const message = named("message");
  const code = named("code");
  return {
    // An e-mail address or a name Cryptlex repeats back has no business in our errors.
    message: typeof message === "string"
      ? maskNames(maskAddresses(message), names).slice(0, 300)
      : "no message",
    code: typeof code === "string" && /^[A-Z0-9_]{1,64}$/.test(code) ? code : null,
  };
}

function readRetryAfter(header: string | null): number | null {
  return header !== null && /^\d+$/.test(header.trim()) ? Number(header) : null;
}
