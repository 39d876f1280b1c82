import assert from "node:assert/strict";
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

Deno.test("all that is malformed is told before anything is asked for, without a value", () => {
  assert.throws(
    () => ownSettings({ RENEWAL_GRACE_DAYS: "many", ON_CANCEL: "explode", CRON_SECRET: "tiny" }),
    (error) => {
      assert.ok(error instanceof UsageError);
      for (const name of ["RENEWAL_GRACE_DAYS", "ON_CANCEL", "CRON_SECRET"]) {
        assert.ok(error.message.includes(name), error.message);
      }
      assert.doesNotMatch(error.message, /many|explode|tiny/);
      return true;
    },
  );
});
