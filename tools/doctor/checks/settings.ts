// The settings as they are set, before anybody is asked.

import { isDeepStrictEqual } from "node:util";
import { parseSettings, SettingsError } from "../../../functions/stripe-cryptlex/settings.ts";
import { webhookSecretNames } from "../../../functions/stripe-cryptlex/setting_values.ts";
import { problemsHere } from "../../operator/setting_problems.ts";
import { failed, type Finding, ok } from "../finding.ts";

type Env = Readonly<Record<string, string | undefined>>;

/** Settings that are copied from somewhere. */
const pasted = [
  ...webhookSecretNames,
  "STRIPE_SECRET_KEY",
  "CRYPTLEX_ACCESS_TOKEN",
  "CRYPTLEX_PRODUCT_ID",
  "CRON_SECRET",
];

/** All of the settings' problems at once, and what is likely wrong with what was pasted. */
export function checkSettings(env: Env): Finding[] {
  return [parsed(env), wellPasted(env)];
}

function parsed(env: Env): Finding {
  const name = "settings";
  try {
    const { stripeSecretKey, livemode } = parseSettings(env);
    const mode = stripeSecretKey === null
      ? "no Stripe key"
      : `a Stripe key of ${modeName(livemode)}`;
    return ok(name, `all can be read; ${mode}`);
  } catch (error) {
    if (!(error instanceof SettingsError)) throw error;
    return failed(
      name,
      problemsHere(error.problems).join("; "),
      "set them as the function has them; there: supabase secrets set NAME=…",
    );
  }
}

function wellPasted(env: Env): Finding {
  const name = "pasted values";
  const problems = pasted.flatMap((setting) => {
    const value = env[setting] ?? "";
    // Commas and white space between secrets are fine.
    const words = isSigningSecret(setting) ? value.split(/\s*,\s*/) : [value];
    return [
      ...(words.some((word) => /\s/.test(word))
        ? [`${setting} has white space in or around it`]
        : []),
      ...(words.some((word) => /^(["']).*\1$/s.test(word.trim()))
        ? [`${setting} is in quotes`]
        : []),
      ...(/…|\.\.\./.test(value) ? [`${setting} is an example's value`] : []),
    ];
  });
  const secrets = webhookSecretNames.flatMap((name) => (env[name] ?? "").split(","))
    .map((secret) => secret.trim()).filter((secret) => secret !== "");
  if (!isDeepStrictEqual(secrets, [...new Set(secrets)])) {
    problems.push("STRIPE_WEBHOOK_SECRET has the same secret twice");
  }
  return problems.length === 0
    ? ok(name, "no white space, quotes or examples' values")
    : failed(name, problems.join("; "), "copy them anew, then: supabase secrets set NAME=…");
}

function isSigningSecret(setting: string): boolean {
  return webhookSecretNames.some((name) => name === setting);
}

function modeName(livemode: boolean | null): string {
  return livemode ? "live mode" : "test mode";
}
