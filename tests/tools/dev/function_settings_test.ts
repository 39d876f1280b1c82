import assert from "node:assert/strict";
import { parseSettings } from "../../../functions/stripe-cryptlex/settings.ts";
import { devSettings, givenSettings, settingNames } from "../../../tools/dev/function_settings.ts";

const folder = new URL("../../../functions/stripe-cryptlex/", import.meta.url);
const own = { signingSecret: "whsec_own", sandboxUrl: "http://127.0.0.1:1" };

Deno.test("every name written in the function's settings is known", async () => {
  const sources = ["settings.ts", "setting_values.ts"]
    .map((name) => Deno.readTextFile(new URL(name, folder)));
  const text = (await Promise.all(sources)).join("\n");
  const written = new Set([...text.matchAll(/"([A-Z][A-Z0-9_]{3,})"/g)].map(([, name]) => name));
  assert.ok(written.size > 5);
  assert.deepEqual(settingNames().sort(), [...written].sort());
});

Deno.test("only the function's settings are taken from the environment, and not its place", () => {
  const given = givenSettings({
    RENEWAL_GRACE_DAYS: " 14 ",
    CRYPTLEX_PRODUCT_ID: "",
    HOME: "/home/ann",
    PORT: "1",
    SB_REGION: "eu-central-1",
    SUPABASE_URL: "https://example.com",
    SUPABASE_SECRET_KEYS: "{}",
    SUPABASE_SERVICE_ROLE_KEY: "key",
  });
  assert.deepEqual(given, { RENEWAL_GRACE_DAYS: "14" });
});

Deno.test("with nothing given the function has all it needs, from the sandbox", () => {
  const { env, signingSecret, drainSecret } = devSettings({}, own);
  assert.equal(env.CRYPTLEX_WEB_API_BASE_URL, own.sandboxUrl);
  const settings = parseSettings({
    ...env,
    SUPABASE_URL: own.sandboxUrl,
    SUPABASE_SERVICE_ROLE_KEY: "k",
  });
  assert.deepEqual(settings.stripeWebhookSecrets, [signingSecret]);
  assert.deepEqual(settings.drainSecrets, [drainSecret]);
});

Deno.test("a host given without a token is not given the sandbox's", () => {
  const { env } = devSettings({ CRYPTLEX_WEB_API_BASE_URL: "https://api.example.com" }, own);
  assert.equal(env.CRYPTLEX_WEB_API_BASE_URL, own.sandboxUrl);
});

Deno.test("with a token of yours nothing of the sandbox is left", () => {
  const given = { CRYPTLEX_ACCESS_TOKEN: "yours", CRON_SECRET: "twenty characters or more" };
  const { env, drainSecret } = devSettings(given, { ...own, sandboxUrl: null });
  assert.deepEqual(env, { ...given, STRIPE_WEBHOOK_SECRET: own.signingSecret });
  assert.equal(drainSecret, given.CRON_SECRET);
});

Deno.test("of several signing secrets the first signs", () => {
  const given = { STRIPE_WEBHOOK_SECRET: "whsec_new , whsec_old" };
  const { env, signingSecret } = devSettings(given, own);
  assert.equal(signingSecret, "whsec_new");
  assert.equal(env.STRIPE_WEBHOOK_SECRET, given.STRIPE_WEBHOOK_SECRET);
});
