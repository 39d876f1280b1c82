import assert from "node:assert/strict";
import { checkSettings } from "../../../../tools/doctor/checks/settings.ts";
import { lenientSettings } from "../../../../tools/doctor/lenient_settings.ts";
import { env } from "../healthy.ts";

const failures = (changes: Record<string, string>) =>
  checkSettings({ ...env, ...changes }).filter(({ state }) => state === "failed");

Deno.test("settings that are well are said to be, with the key's mode", () => {
  assert.deepEqual(failures({}), []);
  assert.match(checkSettings(env)[0]?.found ?? "", /test mode/);
  assert.match(checkSettings({ ...env, STRIPE_SECRET_KEY: "sk_live_1" })[0]?.found ?? "", /live/);
  assert.deepEqual(failures({ STRIPE_WEBHOOK_SECRET: "whsec_a , whsec_b" }), []);
});

Deno.test("all that the parser says is told at once, without a value", () => {
  const [finding] = failures({
    STRIPE_WEBHOOK_SECRET: "",
    RENEWAL_GRACE_DAYS: "many",
    CRON_SECRET: "short",
  });
  for (const name of ["STRIPE_WEBHOOK_SECRET", "RENEWAL_GRACE_DAYS", "CRON_SECRET"]) {
    assert.ok(finding?.found.includes(name), finding?.found);
  }
  assert.doesNotMatch(finding?.found ?? "", /many|: short/);
  assert.match(finding?.cure ?? "", /supabase secrets set/);
});

Deno.test("what was pasted badly is told", () => {
  for (
    const [changes, found] of [
      [{ STRIPE_WEBHOOK_SECRET: "whsec_a\n" }, /^STRIPE_WEBHOOK_SECRET has white space in or/],
      [{ CRON_SECRET: "two words are a bad secret" }, /^CRON_SECRET has white space/],
      [{ CRYPTLEX_ACCESS_TOKEN: '"token"' }, /^CRYPTLEX_ACCESS_TOKEN is in quotes$/],
      [{ STRIPE_WEBHOOK_SECRET: "whsec_…" }, /^STRIPE_WEBHOOK_SECRET is an example's value$/],
      [{ STRIPE_WEBHOOK_SECRET: "whsec_a,whsec_a" }, /has the same secret twice$/],
      [
        { STRIPE_WEBHOOK_SECRET: "whsec_a", STRIPE_WEBHOOK_SECRET_TEST: "whsec_a" },
        /has the same secret twice$/,
      ],
      [{ STRIPE_WEBHOOK_SECRET_LIVE: "whsec_…" }, /^STRIPE_WEBHOOK_SECRET_LIVE is an example's/],
    ] as const
  ) {
    const finding = failures(changes).find(({ name }) => name === "pasted values");
    assert.match(finding?.found ?? "", found);
    assert.match(finding?.cure ?? "", /^copy them anew/);
  }
});

Deno.test("whatever is missing or malformed, the rest can be looked with", () => {
  const lacks = (
    changes: Record<string, string>,
  ) => [...lenientSettings({ ...env, ...changes }).lacks];
  assert.deepEqual(lacks({}), []);
  assert.deepEqual(lacks({ STRIPE_WEBHOOK_SECRET: "", RENEWAL_GRACE_DAYS: "x" }), []);
  assert.deepEqual(
    lacks({ STRIPE_WEBHOOK_SECRET: "", STRIPE_WEBHOOK_SECRET_TEST: "none" }),
    [],
  );
  assert.deepEqual(lacks({ STRIPE_SECRET_KEY: "pk_live_1" }), ["Stripe key"]);
  assert.deepEqual(lacks({ CRYPTLEX_ACCESS_TOKEN: "a b" }), ["Cryptlex token"]);
  assert.deepEqual(lacks({ SUPABASE_URL: "ref.supabase.co" }), ["database"]);
  assert.deepEqual(lacks({ SUPABASE_SECRET_KEYS: "sb_secret_1" }), ["database"]);
  assert.deepEqual([...lenientSettings({}).lacks], ["database", "Cryptlex token", "Stripe key"]);
});
