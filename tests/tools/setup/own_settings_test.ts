import assert from "node:assert/strict";
import { settingNames } from "../../../tools/dev/function_settings.ts";
import { UsageError } from "../../../tools/run_command.ts";
import { ownSettings } from "../../../tools/setup/own_settings.ts";

Deno.test("the function's settings in the environment are passed on, what a set-up asks for and tests' are not", () => {
  const settings = ownSettings({
    RENEWAL_GRACE_DAYS: " 14 ",
    ON_CANCEL: "expire",
    ON_REFUND: "",
    STRIPE_SECRET_KEY: "rk_live_1",
    STRIPE_SETUP_KEY: "rk_live_2",
    STRIPE_API_BASE_URL: "http://127.0.0.1:1",
    STRIPE_WEBHOOK_SECRET: "whsec_1",
    CRYPTLEX_ACCESS_TOKEN: "token",
    SUPABASE_URL: "https://ref.supabase.co",
    HOME: "/home/ada",
  });
  assert.deepEqual(Object.fromEntries(settings), {
    RENEWAL_GRACE_DAYS: "14",
    ON_CANCEL: "expire",
    STRIPE_SECRET_KEY: "rk_live_1",
  });
  assert.deepEqual([...ownSettings({})], []);
});

Deno.test("no setting of the function is forgotten", () => {
  const asked = ["CRYPTLEX_ACCESS_TOKEN", "CRYPTLEX_PRODUCT_ID"];
  const fixed = /^(SUPABASE_|SB_REGION$|PORT$|STRIPE_WEBHOOK_SECRET|STRIPE_API_BASE_URL$)/;
  const values: Record<string, string> = {
    STRIPE_SECRET_KEY: "rk_live_1",
    CRYPTLEX_WEB_API_BASE_URL: "https://api.eu.cryptlex.com",
    CRYPTLEX_TIMEOUT_MS: "5000",
    CRYPTLEX_RATE_LIMIT: "10/1s",
    RENEWAL_GRACE_DAYS: "14",
    ON_CANCEL: "expire",
    ON_REFUND: "ignore",
    ON_DISPUTE: "ignore",
    CRON_SECRET: "twenty-characters-of-a-secret",
    RECORD_ONLY: "true",
    ALERT_WEBHOOK_URL: "https://example.com/alerts",
    PUBLIC_ORIGIN: "https://example.com,http://localhost:3000",
  };
  // A new setting needs a value here, and nothing else.
  const names = settingNames().filter((name) => !fixed.test(name) && !asked.includes(name));
  assert.deepEqual(names.sort(), Object.keys(values).sort());
  assert.deepEqual(Object.fromEntries(ownSettings(values)), values);
});

Deno.test("what is none of a set-up's business is not held against it", () => {
  assert.deepEqual([...ownSettings({ PORT: "none", SUPABASE_SECRET_KEYS: "sb_secret_1" })], []);
});

Deno.test("all that is malformed is told before anything is asked for, without a value", () => {
  assert.throws(
    () =>
      ownSettings({
        RENEWAL_GRACE_DAYS: "many",
        ON_CANCEL: "explode",
        CRON_SECRET: "tiny",
        PUBLIC_ORIGIN: "http://shop.example",
      }),
    (error) => {
      assert.ok(error instanceof UsageError);
      for (const name of ["RENEWAL_GRACE_DAYS", "ON_CANCEL", "CRON_SECRET", "PUBLIC_ORIGIN"]) {
        assert.ok(error.message.includes(name), error.message);
      }
      assert.doesNotMatch(error.message, /many|explode|tiny|shop/);
      return true;
    },
  );
});
