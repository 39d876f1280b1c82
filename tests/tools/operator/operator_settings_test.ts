import assert from "node:assert/strict";
import { operatorSettings } from "../../../tools/operator/operator_settings.ts";

const project = {
  SUPABASE_URL: "https://ref.supabase.co/",
  SUPABASE_SECRET_KEYS: '{"default":"sb_secret_1"}',
};

Deno.test("a project's URL and key are enough, and no secret of Stripe's or Cryptlex's is asked for", () => {
  assert.deepEqual(operatorSettings(project), {
    url: "https://ref.supabase.co",
    secretKey: "sb_secret_1",
    policy: {
      cryptlexProductId: null,
      renewalGraceDays: 3,
      onCancel: "revoke",
      onRefund: "revoke",
      onDispute: "suspend",
    },
  });
});

Deno.test("what the function decides by is read as the function reads it", () => {
  const { policy, secretKey } = operatorSettings({
    ...project,
    SUPABASE_SECRET_KEYS: "",
    SUPABASE_SERVICE_ROLE_KEY: "older",
    CRYPTLEX_PRODUCT_ID: " product-a ",
    RENEWAL_GRACE_DAYS: "14",
    ON_CANCEL: "expire",
    ON_REFUND: "suspend",
    ON_DISPUTE: "ignore",
    // Wrong, and none of its business.
    CRON_SECRET: "short",
    STRIPE_WEBHOOK_SECRET: "sk_live_1",
  });
  assert.deepEqual(policy, {
    cryptlexProductId: "product-a",
    renewalGraceDays: 14,
    onCancel: "expire",
    onRefund: "suspend",
    onDispute: "ignore",
  });
  assert.equal(secretKey, "older");
});

Deno.test("of what is missing it is said where a person finds it", () => {
  assert.throws(() => operatorSettings({}), ({ message }: Error) => {
    assert.match(message, /SUPABASE_URL is not set \(https:\/\/<project>\.supabase\.co\)/);
    assert.match(message, /SUPABASE_SERVICE_ROLE_KEY is not set \(.* API Keys\)/);
    assert.doesNotMatch(message, /platform|SUPABASE_SECRET_KEYS/);
    return true;
  });
});

Deno.test("everything missing or malformed is named at once, without its value", () => {
  assert.throws(
    () => operatorSettings({ SUPABASE_SECRET_KEYS: "sb_secret_9", RENEWAL_GRACE_DAYS: "many" }),
    ({ message }: Error) => {
      assert.match(message, /^Cannot begin: /);
      for (const name of ["SUPABASE_URL", "SUPABASE_SECRET_KEYS", "RENEWAL_GRACE_DAYS"]) {
        assert.ok(message.includes(`${name} is`), message);
      }
      assert.doesNotMatch(message, /sb_secret_9|many|STRIPE|CRYPTLEX/);
      return true;
    },
  );
});
