// Environment variables -> settings. Names every problem at once, and never a value.

import type { CallRate } from "./ledger.ts";

/** What the function runs with. See README, Settings. */
export type Settings = {
  readonly stripeWebhookSecrets: readonly string[];
  readonly cryptlexAccessToken: string;
  /** Without a trailing slash. */
  readonly cryptlexWebApiBaseUrl: string;
  readonly cryptlexTimeoutMs: number;
  readonly cryptlexRate: CallRate;
  /** What everything sold becomes, while no plans are kept; null: nothing. */
  readonly cryptlexProductId: string | null;
  readonly renewalGraceDays: number;
  /** Bearer secrets that open drain and the figures of health; empty: nobody can. */
  readonly drainSecrets: readonly string[];
  readonly recordOnly: boolean;
  /** Where people are told what is stuck; null: nowhere. A secret. */
  readonly alertWebhookUrl: string | null;
  readonly supabaseUrl: string;
  readonly supabaseSecretKey: string;
  /** Where this function is, on Supabase's platform; null elsewhere: nobody there can tell. */
  readonly functionUrl: string | null;
  /** Where to listen when nobody else decides (the platform does). */
  readonly port: number;
};

/** Settings that do not allow a start; `problems` has one sentence each. */
export class SettingsError extends Error {
  override readonly name = "SettingsError";
  readonly retryable = false;

  constructor(readonly problems: readonly string[]) {
    super(`Cannot start: ${problems.join("; ")}`);
  }
}

/**
 * The settings in `env`, an empty value counting as not set.
 *
 * @throws {SettingsError} naming everything that is missing or malformed.
 */
export function parseSettings(env: Readonly<Record<string, string | undefined>>): Settings {
  const problems: string[] = [];
  const read = (name: string) => env[name]?.trim() || null;
  const required = (name: string, hint: string) => {
    const value = read(name);
    if (value === null) problems.push(`${name} is not set (${hint})`);
    return value ?? "";
  };
  const url = (name: string, value: string) => {
    if (value !== "" && !isHttpUrl(value)) problems.push(`${name} is not an http(s) URL`);
    return value.replace(/\/+$/, "");
  };
  const optionalUrl = (name: string) => {
    const value = read(name);
    if (value !== null && !isHttpUrl(value)) problems.push(`${name} is not an http(s) URL`);
    return value;
  };
  const whole = (name: string, fallback: number, [least, most]: readonly [number, number]) => {
    const value = read(name);
    if (value === null) return fallback;
    const number = /^\d+$/.test(value) ? Number(value) : NaN;
    if (!(number >= least && number <= most)) {
      problems.push(`${name} is not a whole number from ${least} to ${most}`);
    }
    return number;
  };

  const supabaseUrl = url("SUPABASE_URL", required("SUPABASE_URL", "the platform gives it"));
  const settings: Settings = {
    stripeWebhookSecrets: webhookSecrets(
      required("STRIPE_WEBHOOK_SECRET", "the endpoint's signing secret"),
      problems,
    ),
    cryptlexAccessToken: required("CRYPTLEX_ACCESS_TOKEN", "license and user, read and write"),
    cryptlexWebApiBaseUrl: url(
      "CRYPTLEX_WEB_API_BASE_URL",
      read("CRYPTLEX_WEB_API_BASE_URL") ?? "https://api.cryptlex.com",
    ),
    cryptlexTimeoutMs: whole("CRYPTLEX_TIMEOUT_MS", 10_000, [500, 60_000]),
    cryptlexRate: callRate(read("CRYPTLEX_RATE_LIMIT") ?? "50/5s", problems),
    cryptlexProductId: read("CRYPTLEX_PRODUCT_ID"),
    renewalGraceDays: whole("RENEWAL_GRACE_DAYS", 3, [0, 60]),
    drainSecrets: drainSecrets(read("CRON_SECRET"), problems),
    recordOnly: flag("RECORD_ONLY", read("RECORD_ONLY"), problems),
    alertWebhookUrl: optionalUrl("ALERT_WEBHOOK_URL"),
    supabaseUrl,
    supabaseSecretKey: secretKey(read, problems),
    // The hosted platform alone sets SB_REGION (supabase.com/docs/guides/functions/secrets).
    functionUrl: read("SB_REGION") && `${supabaseUrl}/functions/v1/stripe-cryptlex`,
    port: whole("PORT", 8000, [0, 65_535]),
  };
  if (!/^[\x21-\x7e]*$/.test(settings.cryptlexAccessToken)) {
    problems.push("CRYPTLEX_ACCESS_TOKEN has white space or another character no token has");
  }
  if (problems.length > 0) throw new SettingsError(problems);
  return settings;
}

function webhookSecrets(value: string, problems: string[]): string[] {
  const secrets = value.split(",").map((secret) => secret.trim()).filter((secret) => secret !== "");
  if (value !== "" && secrets.length === 0) problems.push("STRIPE_WEBHOOK_SECRET holds no secret");
  if (secrets.some((secret) => !/^whsec_\S+$/.test(secret))) {
    problems.push("STRIPE_WEBHOOK_SECRET holds something that does not look like whsec_…");
  }
  return secrets;
}

function drainSecrets(value: string | null, problems: string[]): string[] {
  if (value === null) return [];
  if (value.length < 20) problems.push("CRON_SECRET is shorter than 20 characters");
  return [value];
}

/** `50/5s`: what Cryptlex's Web API allows an IP address (docs.cryptlex.com, rate limits). */
function callRate(value: string, problems: string[]): CallRate {
  const [, calls, seconds] = /^([1-9]\d{0,5})\/([1-9]\d{0,3})s$/.exec(value) ?? [];
  if (calls === undefined) problems.push("CRYPTLEX_RATE_LIMIT is not like 50/5s (calls/seconds)");
  return { calls: Number(calls), seconds: Number(seconds) };
}

function flag(name: string, value: string | null, problems: string[]): boolean {
  if (value !== null && value !== "true" && value !== "false") {
    problems.push(`${name} is neither true nor false`);
  }
  return value === "true";
}

/** Supabase gives a JSON dictionary of secret keys, and for a while the older single key. */
function secretKey(read: (name: string) => string | null, problems: string[]): string {
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

function isHttpUrl(value: string): boolean {
  return URL.canParse(value) && /^https?:$/.test(new URL(value).protocol);
}
