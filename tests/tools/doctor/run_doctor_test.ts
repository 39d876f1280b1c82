import assert from "node:assert/strict";
import { examine } from "../../../tools/doctor/run_doctor.ts";
import { diagnosed, env, examOf, functionUrl } from "./healthy.ts";

const patient = { env, functionUrl: null };

Deno.test("a healthy set-up has no failure, and is told as it is looked at", async () => {
  const told: unknown[] = [];
  const { tools, asked } = examOf();
  const findings = await examine(patient, tools, (finding) => told.push(finding));
  assert.deepEqual(findings.filter(({ state }) => state !== "ok"), []);
  assert.deepEqual(told, findings);
  assert.ok(asked.some(({ what }) => what === `GET ${functionUrl}/health`));
});

Deno.test("what is not set is not asked for; the rest is looked at", async () => {
  const { tools, asked } = examOf();
  const findings = await examine({ env: {}, functionUrl: null }, tools);
  assert.deepEqual(
    findings.map(({ name, state }) => `${name} ${state}`),
    [
      "settings failed",
      "pasted values ok",
      ...["database", "schedule", "events", "test and live", "function"].map((n) => `${n} skipped`),
      ...["Stripe key", "Stripe endpoint", "open invoices"].map((n) => `${n} skipped`),
      ...["Cryptlex token", "Cryptlex catalogue", "Cryptlex rate"].map((n) => `${n} skipped`),
      "clocks skipped",
    ],
  );
  assert.deepEqual(asked, []);
});

Deno.test("no secret and no address is told, whoever repeats it", async () => {
  const repeated = Object.values(env).filter((value) => value.length > 15).join(" ");
  const { tools } = examOf({
    world: diagnosed({
      plans: [{
        stripe_id: "price_ada@example.com",
        cryptlex_product_id: `${repeated} ada@example.com`,
        license_template_id: null,
        entitlement_set_id: null,
      }],
    }),
  });
  const text = JSON.stringify(await examine(patient, tools));
  assert.match(text, /<secret>/);
  for (
    const name of [
      "STRIPE_WEBHOOK_SECRET",
      "STRIPE_SECRET_KEY",
      "CRYPTLEX_ACCESS_TOKEN",
      "CRON_SECRET",
    ]
  ) {
    assert.ok(!text.includes(env[name] ?? "?"), name);
  }
  assert.doesNotMatch(text, /sb_secret_of|ada@/);
});
