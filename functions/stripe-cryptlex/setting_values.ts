// What the values of single settings stand for. What is wrong with one is told by its name, never by
// its value.

import type { CallRate } from "./ledger.ts";
import type { SettingReader } from "./setting_reader.ts";

/** Where problems are collected, a sentence each. */
type Problems = string[];

/**
 * Where signing secrets are: any of them will do, and all are taken. A mode's own name lets a tool
 * that cannot see what is set add one mode's secret without touching the other's.
 */
export const webhookSecretNames = [
  "STRIPE_WEBHOOK_SECRET",
  "STRIPE_WEBHOOK_SECRET_LIVE",
  "STRIPE_WEBHOOK_SECRET_TEST",
] as const;

/** The endpoints' signing secrets, one a comma. */
export function webhookSecrets(
  read: Pick<SettingReader, "text" | "required">,
  problems: Problems,
): string[] {
  const isSet = webhookSecretNames.some((name) => read.text(name) !== null);
  if (!isSet) read.required(webhookSecretNames[0], "the endpoint's signing secret");
  return webhookSecretNames.flatMap((name) => {
    const value = read.text(name) ?? "";
    const secrets = value.split(",").map((secret) => secret.trim()).filter((one) => one !== "");
    if (value !== "" && secrets.length === 0) problems.push(`${name} holds no secret`);
    if (secrets.some((secret) => !/^whsec_\S+$/.test(secret))) {
      problems.push(`${name} holds something that does not look like whsec_…`);
    }
    return secrets;
  });
}

/**
 * A key that may read Stripe, and the mode it is of; null: none, or none that can be told.
 * docs.stripe.com/keys: secret and restricted keys name their mode.
 */
export function stripeKey(
  value: string | null,
  problems: Problems,
): { stripeSecretKey: string | null; livemode: boolean | null } {
  if (value === null) return { stripeSecretKey: null, livemode: null };
  const mode = /^[rs]k_(test|live)_[A-Za-z0-9_]+$/.exec(value)?.[1];
  if (mode === undefined) {
    problems.push(
      "STRIPE_SECRET_KEY does not look like rk_live_…, rk_test_…, sk_live_… or sk_test_…",
    );
    return { stripeSecretKey: null, livemode: null };
  }
  return { stripeSecretKey: value, livemode: mode === "live" };
}

/** A token that a header can carry. */
export function accessToken(value: string, problems: Problems): string {
  if (!/^[\x21-\x7e]*$/.test(value)) {
    problems.push("CRYPTLEX_ACCESS_TOKEN has white space or another character no token has");
  }
  return value;
}

/** Bearer secrets; none: nobody has one. */
export function drainSecrets(value: string | null, problems: Problems): string[] {
  if (value === null) return [];
  if (value.length < 20) problems.push("CRON_SECRET is shorter than 20 characters");
  return [value];
}

/** `50/5s`: what Cryptlex's Web API allows an IP address (docs.cryptlex.com, rate limits). */
export function callRate(value: string, problems: Problems): CallRate {
  const [, calls, seconds] = /^([1-9]\d{0,5})\/([1-9]\d{0,3})s$/.exec(value) ?? [];
  if (calls === undefined) problems.push("CRYPTLEX_RATE_LIMIT is not like 50/5s (calls/seconds)");
  return { calls: Number(calls), seconds: Number(seconds) };
}

/** Supabase gives a JSON dictionary of secret keys, and for a while the older single key. */
export function supabaseKey(read: (name: string) => string | null, problems: Problems): string {
  const dictionary = read("SUPABASE_SECRET_KEYS");
  if (dictionary !== null) {
    try {
      const parsed: unknown = JSON.parse(dictionary);
      const isDictionary = typeof parsed === "object" && parsed !== null && !Array.isArray(parsed);
      const keys = isDictionary ? Object.entries(parsed) : [];
      const chosen = keys.find(([name]) => name === "default") ?? keys[0];
      if (typeof chosen?.[1] === "string" && chosen[1] !== "") return chosen[1];
    } catch {
      // Said below, without the value.
    }
    problems.push("SUPABASE_SECRET_KEYS is not a JSON dictionary of keys");
  }
  const single = read("SUPABASE_SERVICE_ROLE_KEY");
  if (single === null && dictionary === null) {
    problems.push(
      "SUPABASE_SECRET_KEYS is not set, nor SUPABASE_SERVICE_ROLE_KEY (the platform gives one)",
    );
  }
  return single ?? "";
}

/**
 * Origins of the pages that may show keys, as browsers name them; none: no page may. Keys are for
 * nobody on the way to read: https, but for this machine itself.
 */
export function publicOrigins(value: string | null, problems: Problems): string[] {
  const origins = (value ?? "").split(",").map((one) => one.trim()).filter((one) => one !== "");
  if (origins.some((origin) => !isPublicOrigin(origin))) {
    problems.push(
      "PUBLIC_ORIGIN holds something other than origins like https://example.com: https (http for " +
        "localhost), a host, a port, no path, no *",
    );
    return [];
  }
  return [...new Set(origins.map((origin) => new URL(origin).origin))];
}

function isPublicOrigin(value: string): boolean {
  if (!URL.canParse(value) || value.includes("*")) return false;
  const { origin, href, protocol, hostname } = new URL(value);
  const isHere = ["localhost", "127.0.0.1", "[::1]"].includes(hostname);
  return href === `${origin}/` && (protocol === "https:" || (protocol === "http:" && isHere));
}
