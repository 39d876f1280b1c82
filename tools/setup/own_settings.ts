// The function's settings that the environment has: they are set in the project as well. Pure.

import { parseSettings, SettingsError } from "../../functions/stripe-cryptlex/settings.ts";
import { webhookSecretNames } from "../../functions/stripe-cryptlex/setting_values.ts";
import { UsageError } from "../run_command.ts";

type Env = Readonly<Record<string, string | undefined>>;

/** Besides what a set-up asks for. What is not in the environment stays as it is in the project. */
const passedOn = [
  "CRYPTLEX_WEB_API_BASE_URL",
  "STRIPE_SECRET_KEY",
  "RENEWAL_GRACE_DAYS",
  "ON_CANCEL",
  "ON_REFUND",
  "ON_DISPUTE",
  "CRON_SECRET",
  "CRYPTLEX_RATE_LIMIT",
  "CRYPTLEX_TIMEOUT_MS",
  "ALERT_WEBHOOK_URL",
  "RECORD_ONLY",
];

/**
 * Those that are set, by name.
 *
 * @throws {UsageError} naming everything that is malformed, and no value.
 */
export function ownSettings(env: Env): Map<string, string> {
  const read = [...passedOn, ...webhookSecretNames, "CRYPTLEX_ACCESS_TOKEN", "STRIPE_API_BASE_URL"];
  const given = Object.fromEntries(read.map((name) => [name, env[name]?.trim()]));
  try {
    parseSettings({
      ...given,
      // The parser asks for them; whether they are needed is another's to say.
      STRIPE_WEBHOOK_SECRET: given.STRIPE_WEBHOOK_SECRET || "whsec_unused",
      CRYPTLEX_ACCESS_TOKEN: given.CRYPTLEX_ACCESS_TOKEN || "unused",
      SUPABASE_URL: "https://unused.invalid",
      SUPABASE_SERVICE_ROLE_KEY: "unused",
    });
  } catch (error) {
    if (!(error instanceof SettingsError)) throw error;
    throw new UsageError(`Cannot begin: ${error.problems.join("; ")}`, { cause: error });
  }
  return new Map(passedOn.flatMap((name) => given[name] ? [[name, given[name]]] : []));
}
