// What the function runs with in development: your environment's settings over our own.

import { parseSettings } from "../../functions/stripe-cryptlex/settings.ts";
import { app, sandboxAccessToken } from "../sample_account.ts";

/** Every name the function reads, asked of its own parser: it names all problems at once. */
export function settingNames(): string[] {
  const names = new Set<string>();
  const listening = new Proxy<Record<string, string>>({}, {
    get(_target, name) {
      names.add(String(name));
      return undefined;
    },
  });
  try {
    parseSettings(listening);
  } catch {
    // Nothing is set: it has to refuse.
  }
  return [...names];
}

/** Where it runs is ours to say. */
const ours = [
  "PORT",
  "SB_REGION",
  "SUPABASE_URL",
  "SUPABASE_SECRET_KEYS",
  "SUPABASE_SERVICE_ROLE_KEY",
];

/** The environment's values of the names the function reads, empty ones left out. */
export function givenSettings(
  env: Readonly<Record<string, string | undefined>>,
): Record<string, string> {
  const given: Record<string, string> = {};
  for (const name of settingNames()) {
    const value = env[name]?.trim();
    if (value && !ours.includes(name)) given[name] = value;
  }
  return given;
}

/** The function's environment, and the secrets in it that others need. */
export type DevSettings = {
  readonly env: Readonly<Record<string, string>>;
  readonly signingSecret: string;
  readonly drainSecret: string;
};

/** What is given, and what development has for the rest. */
export function devSettings(
  given: Readonly<Record<string, string>>,
  own: { signingSecret: string; sandboxUrl: string | null },
): DevSettings {
  const { STRIPE_WEBHOOK_SECRET = own.signingSecret, CRON_SECRET = crypto.randomUUID() } = given;
  const ofSandbox = own.sandboxUrl === null ? {} : {
    CRYPTLEX_ACCESS_TOKEN: sandboxAccessToken,
    CRYPTLEX_WEB_API_BASE_URL: own.sandboxUrl,
    CRYPTLEX_PRODUCT_ID: given.CRYPTLEX_PRODUCT_ID ?? app.id,
    // Leases are as long as ten time-outs; work cut off by a restart is to be taken up soon.
    CRYPTLEX_TIMEOUT_MS: given.CRYPTLEX_TIMEOUT_MS ?? "2000",
  };
  return {
    env: { ...given, STRIPE_WEBHOOK_SECRET, CRON_SECRET, ...ofSandbox },
    // Of several any does.
    signingSecret: STRIPE_WEBHOOK_SECRET.replace(/,.*/s, "").trim(),
    drainSecret: CRON_SECRET,
  };
}
