// What the shape of a key or an address tells before anybody is asked. Pure.

import { UsageError } from "../run_command.ts";

type Env = Readonly<Record<string, string | undefined>>;

/** The ref in a project's ref, address or dashboard's address; null: there is none. */
export function projectRef(text: string): string | null {
  const pattern = /^(?:https:\/\/)?(?:supabase\.com\/dashboard\/project\/)?([a-z]{20})(?![a-z])/;
  return pattern.exec(text.trim())?.[1] ?? null;
}

/**
 * The environment, with the project that SUPABASE_URL names when nothing else does.
 *
 * @throws {UsageError} it names another one.
 */
export function withProject(env: Env, flag: string | undefined): Env {
  const ofUrl = /^https:\/\/([a-z]{20})\.supabase\.co\/*$/.exec(env.SUPABASE_URL?.trim() ?? "")
    ?.[1];
  if (ofUrl === undefined) return env;
  const said = projectRef(flag ?? env.SUPABASE_PROJECT_REF ?? "");
  if (said !== null && said !== ofUrl) {
    throw new UsageError(`SUPABASE_URL is of project ${ofUrl}, and ${said} is to be set up`);
  }
  return { ...env, SUPABASE_PROJECT_REF: ofUrl };
}

/** The mode a Stripe key is of; null: it is none that can set up. */
export function stripeMode(key: string): "live" | "test" | null {
  const mode = /^[rs]k_(live|test)_\w+$/.exec(key)?.[1];
  return mode === "live" || mode === "test" ? mode : null;
}

/** What is wrong with the key of a set-up, beside the function's own; null: nothing. */
export function setupKeyProblem(key: string, functionKey: string | undefined): string | null {
  const mode = stripeMode(key);
  if (mode === null) return "it does not look like rk_live_…, rk_test_…, sk_live_… or sk_test_…";
  if (functionKey === undefined) return null;
  if (functionKey === key) {
    return "STRIPE_SECRET_KEY is the same, and should be one that only reads: it is stored";
  }
  const its = stripeMode(functionKey);
  return its === mode ? null : (
    `it is of ${mode} mode, and STRIPE_SECRET_KEY, whose mode is the only one the function acts ` +
    `on, of ${its} mode`
  );
}
