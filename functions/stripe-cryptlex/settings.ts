// Environment variables -> settings. Names every problem at once, and never a value.

import type { CallRate } from "./ledger.ts";
import { cancelPolicies, disputePolicies, type Policy, refundPolicies } from "./policy.ts";
import { createSettingReader } from "./setting_reader.ts";
import {
  accessToken,
  callRate,
  drainSecrets,
  publicOrigins,
  stripeKey,
  supabaseKey,
  webhookSecrets,
} from "./setting_values.ts";

/** What the function runs with. See README, Settings. */
export type Settings = Policy & {
  readonly stripeWebhookSecrets: readonly string[];
  /** Reads objects of Stripe's again; null: they are taken as events told them. */
  readonly stripeSecretKey: string | null;
  /** Null: Stripe's own. */
  readonly stripeApiBaseUrl: string | null;
  /** The mode of the key, the only one acted on; null: there is none, both are. */
  readonly livemode: boolean | null;
  readonly cryptlexAccessToken: string;
  /** Without a trailing slash. */
  readonly cryptlexWebApiBaseUrl: string;
  readonly cryptlexTimeoutMs: number;
  readonly cryptlexRate: CallRate;
  /** Bearer secrets that open drain and the figures of health; empty: nobody can. */
  readonly drainSecrets: readonly string[];
  readonly recordOnly: boolean;
  /** Where people are told what is stuck; null: nowhere. A secret. */
  readonly alertWebhookUrl: string | null;
  /** Of the pages that may show buyers their keys; empty: none may. */
  readonly publicOrigins: readonly string[];
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
  const { problems, ...read } = createSettingReader(env);
  read.required("SUPABASE_URL", "the platform gives it");
  const supabaseUrl = read.baseUrl("SUPABASE_URL") ?? "";
  const settings: Settings = {
    stripeWebhookSecrets: webhookSecrets(read, problems),
    ...stripeKey(read.text("STRIPE_SECRET_KEY"), problems),
    stripeApiBaseUrl: read.origin("STRIPE_API_BASE_URL"),
    cryptlexAccessToken: accessToken(
      read.required("CRYPTLEX_ACCESS_TOKEN", "license and user, read and write"),
      problems,
    ),
    cryptlexWebApiBaseUrl: read.baseUrl("CRYPTLEX_WEB_API_BASE_URL") ?? "https://api.cryptlex.com",
    cryptlexTimeoutMs: read.whole("CRYPTLEX_TIMEOUT_MS", 10_000, [500, 60_000]),
    cryptlexRate: callRate(read.text("CRYPTLEX_RATE_LIMIT") ?? "50/5s", problems),
    cryptlexProductId: read.text("CRYPTLEX_PRODUCT_ID"),
    renewalGraceDays: read.whole("RENEWAL_GRACE_DAYS", 3, [0, 60]),
    onCancel: read.oneOf("ON_CANCEL", cancelPolicies),
    onRefund: read.oneOf("ON_REFUND", refundPolicies),
    onDispute: read.oneOf("ON_DISPUTE", disputePolicies),
    drainSecrets: drainSecrets(read.text("CRON_SECRET"), problems),
    recordOnly: read.oneOf("RECORD_ONLY", ["false", "true"]) === "true",
    alertWebhookUrl: read.url("ALERT_WEBHOOK_URL"),
    publicOrigins: publicOrigins(read.text("PUBLIC_ORIGIN"), problems),
    supabaseUrl,
    supabaseSecretKey: supabaseKey(read.text, problems),
    // The hosted platform alone sets SB_REGION (supabase.com/docs/guides/functions/secrets).
    functionUrl: read.text("SB_REGION") && `${supabaseUrl}/functions/v1/stripe-cryptlex`,
    port: read.whole("PORT", 8000, [0, 65_535]),
  };
  if (problems.length > 0) throw new SettingsError(problems);
  return settings;
}
