// Settings to look with even when some of them are missing or malformed.

import {
  parseSettings,
  type Settings,
  SettingsError,
} from "../../functions/stripe-cryptlex/settings.ts";
import { databaseNames } from "../operator/operator_settings.ts";
import type { Need } from "./all_checks.ts";

type Env = Readonly<Record<string, string | undefined>>;

/** Stands for what is missing; what needs it is not looked at. */
const placeholders = {
  STRIPE_WEBHOOK_SECRET: "whsec_missing",
  CRYPTLEX_ACCESS_TOKEN: "missing",
  SUPABASE_URL: "http://127.0.0.1:1",
  SUPABASE_SERVICE_ROLE_KEY: "missing",
};

/** The settings that can be read, the defaults of the others, and what that leaves nobody to ask by. */
export function lenientSettings(env: Env): { settings: Settings; lacks: ReadonlySet<Need> } {
  const bad = badNames(env);
  const good = Object.fromEntries(Object.entries(env).filter(([name]) => !bad.includes(name)));
  const filled = { ...good };
  for (const [name, value] of Object.entries(placeholders)) {
    // A mode's own signing secret may be all there was.
    if (bad.some((one) => one === name || one.startsWith(`${name}_`))) filled[name] = value;
  }
  if (bad.includes("SUPABASE_SECRET_KEYS")) {
    filled.SUPABASE_SERVICE_ROLE_KEY = placeholders.SUPABASE_SERVICE_ROLE_KEY;
  }
  const settings = parseSettings(filled);
  const lacks = new Set<Need>();
  if (databaseNames.some((name) => bad.includes(name))) lacks.add("database");
  if (bad.includes("CRYPTLEX_ACCESS_TOKEN") || bad.includes("CRYPTLEX_WEB_API_BASE_URL")) {
    lacks.add("Cryptlex token");
  }
  if (settings.stripeSecretKey === null || bad.includes("STRIPE_API_BASE_URL")) {
    lacks.add("Stripe key");
  }
  return { settings, lacks };
}

/** The names that the problems are about. */
function badNames(env: Env): string[] {
  try {
    parseSettings(env);
    return [];
  } catch (error) {
    if (!(error instanceof SettingsError)) throw error;
    return error.problems.flatMap((problem) => /^[A-Z][A-Z_]+/.exec(problem)?.[0] ?? []);
  }
}
