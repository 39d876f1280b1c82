// What the operator's tools need of the function's settings, read by the function's own parser.

import { type Policy, policyOf } from "../../functions/stripe-cryptlex/policy.ts";
import { parseSettings, SettingsError } from "../../functions/stripe-cryptlex/settings.ts";
import { problemsHere } from "./setting_problems.ts";

type Env = Readonly<Record<string, string | undefined>>;

/** Any of these in an environment says that it means a project. */
export const databaseNames = [
  "SUPABASE_URL",
  "SUPABASE_SECRET_KEYS",
  "SUPABASE_SERVICE_ROLE_KEY",
] as const;

/** All that is read here; none of it opens Stripe or Cryptlex. */
export const operatorSettingNames = [
  ...databaseNames,
  "CRYPTLEX_PRODUCT_ID",
  "RENEWAL_GRACE_DAYS",
  "ON_CANCEL",
  "ON_REFUND",
  "ON_DISPUTE",
] as const;

export type OperatorSettings = {
  readonly url: string;
  readonly secretKey: string;
  readonly policy: Policy;
};

/** @throws {Error} naming everything that is missing or malformed, and no value. */
export function operatorSettings(env: Env): OperatorSettings {
  const needed = Object.fromEntries(operatorSettingNames.map((name) => [name, env[name]]));
  try {
    const settings = parseSettings({
      ...needed,
      // The parser asks for them; nothing is signed or called.
      STRIPE_WEBHOOK_SECRET: "whsec_unused",
      CRYPTLEX_ACCESS_TOKEN: "unused",
    });
    return {
      url: settings.supabaseUrl,
      secretKey: settings.supabaseSecretKey,
      policy: policyOf(settings),
    };
  } catch (error) {
    if (!(error instanceof SettingsError)) throw error;
    throw new Error(`Cannot begin: ${problemsHere(error.problems).join("; ")}`, { cause: error });
  }
}
