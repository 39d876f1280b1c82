// The settings a comparison needs: the function's own, and a key to read Stripe with.

import {
  parseSettings,
  type Settings,
  SettingsError,
} from "../../functions/stripe-cryptlex/settings.ts";

/** @throws {Error} naming everything that is missing or malformed, and no value. */
export function reconcileSettings(
  env: Readonly<Record<string, string | undefined>>,
  { isProject }: { isProject: boolean },
): Settings & { readonly stripeSecretKey: string } {
  const problems: string[] = [];
  try {
    const settings = parseSettings({
      ...env,
      // The parser asks for it; nothing is signed.
      STRIPE_WEBHOOK_SECRET: env["STRIPE_WEBHOOK_SECRET"] || "whsec_unused",
    });
    const { stripeSecretKey } = settings;
    if (stripeSecretKey === null) {
      problems.push(
        isProject
          ? "STRIPE_SECRET_KEY is not set: Stripe is to be read"
          : "the development stack has no Stripe to be read: set STRIPE_SECRET_KEY to one of the " +
            "test mode whose events it got, or SUPABASE_URL and SUPABASE_SECRET_KEYS to a project's",
      );
    } else if (problems.length === 0) return { ...settings, stripeSecretKey };
  } catch (error) {
    if (!(error instanceof SettingsError)) throw error;
    problems.push(...error.problems);
  }
  throw new Error(`Cannot begin: ${problems.join("; ")}`);
}
