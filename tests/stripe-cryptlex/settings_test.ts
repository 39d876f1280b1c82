import assert from "node:assert/strict";
import fc from "fast-check";
import { parseSettings, SettingsError } from "../../functions/stripe-cryptlex/settings.ts";

const enough = {
  STRIPE_WEBHOOK_SECRET: "whsec_1",
  CRYPTLEX_ACCESS_TOKEN: "token",
  SUPABASE_URL: "https://ref.supabase.co",
  SUPABASE_SECRET_KEYS: '{"default":"sb_secret_1"}',
};

type Env = Record<string, string | undefined>;

function problemsOf(env: Env): readonly string[] {
  try {
    parseSettings(env);
  } catch (error) {
    assert.ok(error instanceof SettingsError);
    for (const problem of error.problems) assert.ok(error.message.includes(problem));
    return error.problems;
  }
  return [];
}

/** The names of the settings at fault. */
const faultsOf = (env: Env) =>
  problemsOf({ ...enough, ...env }).map((problem) => problem.split(" ")[0]);

Deno.test("with what is required alone everything else has its default", () => {
  assert.deepEqual(parseSettings(enough), {
    stripeWebhookSecrets: ["whsec_1"],
    stripeSecretKey: null,
    stripeApiBaseUrl: null,
    livemode: null,
    cryptlexAccessToken: "token",
    cryptlexWebApiBaseUrl: "https://api.cryptlex.com",
    cryptlexTimeoutMs: 10_000,
    cryptlexRate: { calls: 50, seconds: 5 },
    cryptlexProductId: null,
    renewalGraceDays: 3,
    onCancel: "revoke",
    onRefund: "revoke",
    onDispute: "suspend",
    drainSecrets: [],
    recordOnly: false,
    alertWebhookUrl: null,
    publicOrigins: [],
    supabaseUrl: "https://ref.supabase.co",
    supabaseSecretKey: "sb_secret_1",
    functionUrl: null,
    port: 8000,
  });
});

Deno.test("everything can be set", () => {
  const settings = parseSettings({
    ...enough,
    STRIPE_SECRET_KEY: "rk_live_1",
    STRIPE_API_BASE_URL: "http://127.0.0.1:12111/",
    ON_CANCEL: "expire",
    ON_REFUND: "ignore",
    ON_DISPUTE: "revoke",
    CRYPTLEX_PRODUCT_ID: "product-a",
    CRYPTLEX_WEB_API_BASE_URL: "http://127.0.0.1:5000/",
    CRYPTLEX_TIMEOUT_MS: "500",
    CRYPTLEX_RATE_LIMIT: "300/60s",
    RENEWAL_GRACE_DAYS: "0",
    CRON_SECRET: "twenty characters ok",
    RECORD_ONLY: "true",
    ALERT_WEBHOOK_URL: "https://hooks.slack.com/services/T0/B0/x/",
    PUBLIC_ORIGIN: "https://example.com",
    PORT: "0",
  });
  assert.equal(settings.stripeSecretKey, "rk_live_1");
  assert.equal(settings.stripeApiBaseUrl, "http://127.0.0.1:12111");
  assert.equal(settings.livemode, true);
  assert.equal(settings.onCancel, "expire");
  assert.equal(settings.onRefund, "ignore");
  assert.equal(settings.onDispute, "revoke");
  assert.equal(settings.cryptlexProductId, "product-a");
  assert.equal(settings.cryptlexWebApiBaseUrl, "http://127.0.0.1:5000");
  assert.equal(settings.cryptlexTimeoutMs, 500);
  assert.deepEqual(settings.cryptlexRate, { calls: 300, seconds: 60 });
  assert.equal(settings.renewalGraceDays, 0);
  assert.deepEqual(settings.drainSecrets, ["twenty characters ok"]);
  assert.equal(settings.recordOnly, true);
  assert.equal(settings.alertWebhookUrl, "https://hooks.slack.com/services/T0/B0/x/");
  assert.deepEqual(settings.publicOrigins, ["https://example.com"]);
  assert.equal(settings.port, 0);
});

Deno.test("pages that may show keys are origins as browsers name them", () => {
  const origins = (PUBLIC_ORIGIN: string) =>
    parseSettings({ ...enough, PUBLIC_ORIGIN }).publicOrigins;
  assert.deepEqual(
    origins("https://Example.com/, https://example.com:443,,http://localhost:8000"),
    [
      "https://example.com",
      "http://localhost:8000",
    ],
  );
  assert.deepEqual(origins("http://127.0.0.1:1,http://[::1]:1"), [
    "http://127.0.0.1:1",
    "http://[::1]:1",
  ]);
  assert.deepEqual(origins(" , "), []);
  const wrong = ["*", "https://*", "https://*.example.com", "http://example.com", "example.com"];
  const more = ["null", "https://example.com/shop", "https://example.com?x", "https://a@b.com"];
  for (const value of [...wrong, ...more, "file:///x", "https://example.com, *"]) {
    assert.deepEqual(faultsOf({ PUBLIC_ORIGIN: value }), ["PUBLIC_ORIGIN"], value);
  }
});

Deno.test("it knows where it is on the platform alone", () => {
  const functionUrl = (env: Env) => parseSettings({ ...enough, ...env }).functionUrl;
  const there = "https://ref.supabase.co/functions/v1/stripe-cryptlex";
  assert.equal(functionUrl({ SB_REGION: "eu-central-1" }), there);
  const slash = { SUPABASE_URL: "https://ref.supabase.co/", SB_REGION: "eu-central-1" };
  assert.equal(functionUrl(slash), there);
  for (const SB_REGION of [undefined, "", " "]) assert.equal(functionUrl({ SB_REGION }), null);
});

Deno.test("nothing set names everything that is required, at once", () => {
  const named = problemsOf({}).map((problem) => problem.split(" ")[0]);
  assert.deepEqual(named.sort(), Object.keys(enough).sort());
});

Deno.test("every malformed setting is named, at once", () => {
  const wrong = {
    STRIPE_WEBHOOK_SECRET: "whsec_1, sk_live_1",
    STRIPE_SECRET_KEY: "whsec_1",
    STRIPE_API_BASE_URL: "https://api.stripe.com/v1",
    ON_CANCEL: "delete",
    ON_REFUND: "expire",
    ON_DISPUTE: "REVOKE",
    CRYPTLEX_ACCESS_TOKEN: "to ken",
    CRYPTLEX_WEB_API_BASE_URL: "api.cryptlex.com",
    CRYPTLEX_TIMEOUT_MS: "499",
    CRYPTLEX_RATE_LIMIT: "50 a second",
    RENEWAL_GRACE_DAYS: "61",
    CRON_SECRET: "nineteen characters",
    RECORD_ONLY: "yes",
    ALERT_WEBHOOK_URL: "#alerts",
    PUBLIC_ORIGIN: "*",
    SUPABASE_URL: "ftp://ref.supabase.co",
    SUPABASE_SECRET_KEYS: "sb_secret_1",
    PORT: "70000",
  };
  assert.deepEqual(faultsOf(wrong).sort(), Object.keys(wrong).sort());
});

Deno.test("whole numbers are no fractions, signs, units or powers", () => {
  for (const value of ["3.5", "-1", "+3", "3d", "1e1", "0x3", "three"]) {
    assert.deepEqual(faultsOf({ RENEWAL_GRACE_DAYS: value }), ["RENEWAL_GRACE_DAYS"], value);
  }
  for (const value of ["0", "60"]) assert.deepEqual(faultsOf({ RENEWAL_GRACE_DAYS: value }), []);
  for (const value of ["500", "60000"]) {
    assert.deepEqual(faultsOf({ CRYPTLEX_TIMEOUT_MS: value }), []);
  }
});

Deno.test("a rehearsal is true or false, nothing else", () => {
  const recordOnly = (value: string) => parseSettings({ ...enough, RECORD_ONLY: value }).recordOnly;
  assert.deepEqual([recordOnly("true"), recordOnly("false")], [true, false]);
  for (const value of ["TRUE", "1", "on"]) {
    assert.deepEqual(faultsOf({ RECORD_ONLY: value }), ["RECORD_ONLY"]);
  }
});

Deno.test("an empty or blank value counts as not set", () => {
  const optional = [
    "STRIPE_SECRET_KEY",
    "STRIPE_API_BASE_URL",
    "ON_CANCEL",
    "ON_REFUND",
    "ON_DISPUTE",
    "CRYPTLEX_PRODUCT_ID",
    "CRYPTLEX_WEB_API_BASE_URL",
    "CRYPTLEX_TIMEOUT_MS",
    "CRYPTLEX_RATE_LIMIT",
    "RENEWAL_GRACE_DAYS",
    "CRON_SECRET",
    "RECORD_ONLY",
    "ALERT_WEBHOOK_URL",
    "PORT",
  ];
  for (const blank of ["", "  "]) {
    const env = Object.fromEntries(optional.map((name) => [name, blank]));
    assert.deepEqual(parseSettings({ ...enough, ...env }), parseSettings(enough));
    for (const name of Object.keys(enough)) assert.deepEqual(faultsOf({ [name]: blank }), [name]);
  }
});

Deno.test("white space around a value, as pasting leaves it, is no part of it", () => {
  const pasted = Object.fromEntries(
    Object.entries(enough).map(([name, value]) => [name, ` ${value}\n`]),
  );
  assert.deepEqual(parseSettings(pasted), parseSettings(enough));
});

Deno.test("several signing secrets are one a comma", () => {
  const secrets = (value: string) =>
    parseSettings({ ...enough, STRIPE_WEBHOOK_SECRET: value }).stripeWebhookSecrets;
  assert.deepEqual(secrets("whsec_1,whsec_2"), ["whsec_1", "whsec_2"]);
  assert.deepEqual(secrets(" whsec_1 ,\n whsec_2, "), ["whsec_1", "whsec_2"]);
  for (const value of [",", "whsec_", "whsec_1 whsec_2", "1,whsec_2"]) {
    assert.deepEqual(faultsOf({ STRIPE_WEBHOOK_SECRET: value }), ["STRIPE_WEBHOOK_SECRET"]);
  }
});

Deno.test("a mode's own signing secret is taken besides the common ones, or alone", () => {
  const { STRIPE_WEBHOOK_SECRET: _none, ...others } = enough;
  const secrets = (changes: Record<string, string>) =>
    parseSettings({ ...others, ...changes }).stripeWebhookSecrets;
  assert.deepEqual(
    secrets({
      STRIPE_WEBHOOK_SECRET_TEST: "whsec_test",
      STRIPE_WEBHOOK_SECRET_LIVE: "whsec_live",
      STRIPE_WEBHOOK_SECRET: "whsec_1,whsec_2",
    }),
    ["whsec_1", "whsec_2", "whsec_live", "whsec_test"],
  );
  assert.deepEqual(secrets({ STRIPE_WEBHOOK_SECRET_LIVE: "whsec_live" }), ["whsec_live"]);
  for (const name of ["STRIPE_WEBHOOK_SECRET_TEST", "STRIPE_WEBHOOK_SECRET_LIVE"]) {
    assert.deepEqual(faultsOf({ [name]: "sk_live_1" }), [name]);
    assert.deepEqual(faultsOf({ [name]: "," }), [name]);
  }
});

Deno.test("the key that reads Stripe is secret or restricted, and tells its mode", () => {
  const read = (value: string) => parseSettings({ ...enough, STRIPE_SECRET_KEY: value });
  for (const key of ["sk_live_51Ab", "rk_live_51Ab"]) assert.equal(read(key).livemode, true);
  for (const key of ["sk_test_51Ab", "rk_test_51Ab"]) assert.equal(read(key).livemode, false);
  const others = [
    "pk_live_51Ab",
    "sk_51Ab",
    "sk_live_",
    "rk_live_51…",
    "sk_live_1 sk_test_1",
    "live",
  ];
  for (const value of others) {
    assert.deepEqual(faultsOf({ STRIPE_SECRET_KEY: value }), ["STRIPE_SECRET_KEY"], value);
  }
});

Deno.test("Stripe's place is a host, without anything behind it", () => {
  const place = (value: string) =>
    parseSettings({ ...enough, STRIPE_API_BASE_URL: value }).stripeApiBaseUrl;
  assert.equal(place("https://api.stripe.com/"), "https://api.stripe.com");
  for (
    const value of ["api.stripe.com", "http://127.0.0.1/v1", "http://127.0.0.1/?a", "http://a@b"]
  ) {
    assert.deepEqual(faultsOf({ STRIPE_API_BASE_URL: value }), ["STRIPE_API_BASE_URL"], value);
  }
});

Deno.test("the secret key is the dictionary's default, its first, or the older single key", () => {
  const key = (env: Env) => parseSettings({ ...enough, ...env }).supabaseSecretKey;
  assert.equal(key({ SUPABASE_SECRET_KEYS: '{"other":"a","default":"b"}' }), "b");
  assert.equal(key({ SUPABASE_SECRET_KEYS: '{"other":"a","third":"c"}' }), "a");
  const single = { SUPABASE_SERVICE_ROLE_KEY: "old" };
  assert.equal(key({ ...single, SUPABASE_SECRET_KEYS: "" }), "old");
  assert.equal(key({ ...single, SUPABASE_SECRET_KEYS: '{"default":"b"}' }), "b");
});

Deno.test("a dictionary of secret keys without a usable one is a problem", () => {
  for (const value of ["{}", "null", "5", "{", '{"default":""}', '{"default":5}']) {
    assert.deepEqual(faultsOf({ SUPABASE_SECRET_KEYS: value }), ["SUPABASE_SECRET_KEYS"], value);
  }
});

Deno.test("JSON that is no dictionary of secret keys is a problem", () => {
  for (const value of ['"sb_secret_1"', '["sb_secret_1"]']) {
    assert.deepEqual(faultsOf({ SUPABASE_SECRET_KEYS: value }), ["SUPABASE_SECRET_KEYS"], value);
  }
});

Deno.test("a token no header can carry, such as one copied with its ellipsis, is a problem", () => {
  for (const token of ["eyJhbGci…", "eyJhb\u0000Gci", "eyJhbGci\u200b"]) {
    assert.deepEqual(faultsOf({ CRYPTLEX_ACCESS_TOKEN: token }), ["CRYPTLEX_ACCESS_TOKEN"]);
  }
});

Deno.test("a problem never tells the value that has it", () => {
  // Capitals and digits only: no message is made of these.
  const secret = fc.stringMatching(/^[A-Z0-9]{12,30}$/);
  const names = [
    ...Object.keys(enough),
    "STRIPE_SECRET_KEY",
    "STRIPE_API_BASE_URL",
    "CRYPTLEX_WEB_API_BASE_URL",
    "CRYPTLEX_TIMEOUT_MS",
    "CRYPTLEX_RATE_LIMIT",
    "RENEWAL_GRACE_DAYS",
    "ON_CANCEL",
    "ON_REFUND",
    "ON_DISPUTE",
    "RECORD_ONLY",
    "ALERT_WEBHOOK_URL",
    "PORT",
    "SUPABASE_SERVICE_ROLE_KEY",
  ];
  const before = fc.constantFrom(
    "",
    "whsec_1,",
    "sk_live_",
    "https:/",
    '{"default":"',
    '"',
    " ",
    "e ",
  );
  const value = fc.tuple(before, secret, fc.constantFrom("", " x", '"}', ","));
  fc.assert(
    fc.property(fc.array(value, { minLength: names.length, maxLength: names.length }), (values) => {
      const env = Object.fromEntries(names.map((name, i) => [name, values[i]?.join("")]));
      const said = problemsOf(env).join();
      for (const [, secret] of values) assert.ok(!said.includes(secret), said);
    }),
  );
});
