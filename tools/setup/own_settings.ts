// The function's settings that the environment has: they are set in the project as well. Pure.

import { parseSettings, SettingsError } from "../../functions/stripe-cryptlex/settings.ts";
import { webhookSecretNames } from "../../functions/stripe-cryptlex/setting_values.ts";
import { settingNames } from "../dev/function_settings.ts";
import { databaseNames } from "../operator/operator_settings.ts";
import { UsageError } from "../run_command.ts";

type Env = Readonly<Record<string, string | undefined>>;

/** What a set-up asks for or finds out itself, what the platform gives, and what is for tests. */
const notPassedOn: readonly string[] = [
  ...webhookSecretNames,
  ...databaseNames,
  "CRYPTLEX_ACCESS_TOKEN",
  "CRYPTLEX_PRODUCT_ID",
  "STRIPE_API_BASE_URL",
  "SB_REGION",
  "PORT",
];

/**
 * Those that are set, by name: all that the function reads, but for those. What is not in the
 * environment stays as it is in the project.
 *
 * @throws {UsageError} naming everything that is malformed, and no value.
 */
export function ownSettings(env: Env): Map<string, string> {
  const names = settingNames();
  const given = Object.fromEntries(names.map((name) => [name, env[name]?.trim()]));
  try {
    parseSettings({
      ...given,
      // The parser asks for them; whether they are needed is another's to say.
      STRIPE_WEBHOOK_SECRET: given.STRIPE_WEBHOOK_SECRET || "whsec_unused",
      CRYPTLEX_ACCESS_TOKEN: given.CRYPTLEX_ACCESS_TOKEN || "unused",
      SUPABASE_URL: "https://unused.invalid",
      SUPABASE_SECRET_KEYS: "",
      SUPABASE_SERVICE_ROLE_KEY: "unused",
      PORT: "",
    });
  } catch (error) {
    if (!(error instanceof SettingsError)) throw error;
    throw new UsageError(`Cannot begin: ${error.problems.join("; ")}`, { cause: error });
  }
  return new Map(names.flatMap((name) => {
    const value = given[name];
    return value && !notPassedOn.includes(name) ? [[name, value]] : [];
  }));
}
