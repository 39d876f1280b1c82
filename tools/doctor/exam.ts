// What every check looks with: the settings, and one way to each party, paced and remembered.

import { z } from "zod";
import type { Settings } from "../../functions/stripe-cryptlex/settings.ts";
import { type Answer, type Ask, createAsk, type Request } from "./http.ts";

/** Whose clocks are compared with ours. */
export type ClockOwner = "database" | "Stripe" | "Cryptlex";

export type Exam = {
  readonly settings: Settings;
  /** Where the function answers, without a trailing slash. */
  readonly functionUrl: string;
  readonly now: () => Date;
  /** Asks the function. */
  readonly function: (suffix: string, request?: Request) => Promise<Answer>;
  /** Asks a door of the database. */
  readonly door: (name: string) => Promise<Answer>;
  /** Reads Stripe, with the key if there is one. A path is asked once. */
  readonly stripe: (path: string) => Promise<Answer>;
  /** Asks Cryptlex, never fast. A path is read once. */
  readonly cryptlex: (path: string, request?: Request & { baseUrl?: string }) => Promise<Answer>;
  /** How far other clocks are from ours, milliseconds, of those that were heard. */
  readonly skews: ReadonlyMap<ClockOwner, number>;
};

export type ExamTools = {
  readonly fetch: typeof fetch;
  readonly now: () => Date;
  readonly wait: (ms: number) => Promise<void>;
};

/** Between two calls to Cryptlex: half of the 50 in 5 seconds that an address may make. */
const paceMs = 200;

const patienceMs = 15_000;

export function createExam(
  { settings, functionUrl }: Pick<Exam, "settings" | "functionUrl">,
  { fetch, now, wait }: ExamTools,
): Exam {
  const skews = new Map<ClockOwner, number>();
  const askOf = (owner: ClockOwner | null, readClock?: (answer: Answer) => number): Ask =>
    createAsk({
      ...(readClock && { readClock }),
      fetch,
      now,
      timeoutMs: patienceMs,
      onSkew: (skewMs) => void (owner && skews.set(owner, skewMs)),
    });
  const askFunction = askOf(null);
  const askDatabase = askOf("database", ({ body }) => clockIn(body));
  const askStripe = askOf("Stripe");
  const askCryptlex = askOf("Cryptlex");

  const { supabaseSecretKey: key, stripeSecretKey } = settings;
  const stripeUrl = settings.stripeApiBaseUrl ?? "https://api.stripe.com";
  const remembered = new Map<string, Promise<Answer>>();
  const once = (what: string, ask: () => Promise<Answer>) => {
    const answer = remembered.get(what) ?? ask();
    remembered.set(what, answer);
    return answer;
  };

  let lastCall: Promise<unknown> = Promise.resolve();
  let isFirst = true;
  /** One after the other, with a pause between. */
  const paced = (ask: () => Promise<Answer>): Promise<Answer> => {
    const pause = isFirst ? 0 : paceMs;
    isFirst = false;
    const answer = lastCall.then(() => wait(pause)).then(ask);
    lastCall = answer;
    return answer;
  };

  return {
    settings,
    functionUrl,
    now,
    skews,
    function: (suffix, request) => askFunction(`${functionUrl}${suffix}`, request),
    door: (name) =>
      once(`door ${name}`, () =>
        askDatabase(`${settings.supabaseUrl}/rest/v1/rpc/${name}`, {
          method: "POST",
          headers: { apikey: key, authorization: `Bearer ${key}` },
          body: { request: "{}" },
        })),
    stripe: (path) =>
      once(`stripe ${path}`, () =>
        askStripe(`${stripeUrl}${path}`, {
          headers: {
            ...(stripeSecretKey === null ? {} : { authorization: `Bearer ${stripeSecretKey}` }),
            // The second generation of its API answers nobody without one.
            ...(path.startsWith("/v2/") ? { "stripe-version": "2026-10-28.endive" } : {}),
          },
        })),
    cryptlex(path, { baseUrl = settings.cryptlexWebApiBaseUrl, ...request } = {}) {
      const ask = () =>
        paced(() =>
          askCryptlex(`${baseUrl}${path}`, {
            ...request,
            headers: { authorization: `Bearer ${settings.cryptlexAccessToken}` },
          })
        );
      return request.method === undefined ? once(`cryptlex ${baseUrl}${path}`, ask) : ask();
    },
  };
}

/** The database's own clock, not that of the gateway before it. */
function clockIn(body: unknown): number {
  const shown = z.object({ now: z.string() }).safeParse(body).data?.now;
  return new Date(shown ?? NaN).getTime();
}

/** A list's records, of a bare array or of Stripe's envelope; those that are no such thing left out. */
export function recordsIn<T extends z.ZodType>(body: unknown, schema: T): z.infer<T>[] {
  const list = z.union([z.array(z.unknown()), z.object({ data: z.array(z.unknown()) })])
    .safeParse(body).data ?? [];
  return (Array.isArray(list) ? list : list.data).flatMap((record) => {
    const read = schema.safeParse(record);
    return read.success ? [read.data] : [];
  });
}
