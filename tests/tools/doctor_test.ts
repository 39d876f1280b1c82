// The doctor as a person runs it, on the whole of it: well, broken and mended.

import assert from "node:assert/strict";
import { handledEventTypes } from "../../functions/stripe-cryptlex/event_readers.ts";
import { serveStripe } from "../../tools/stripe_sandbox/serve_stripe.ts";
import { createStripeShop } from "../../tools/stripe_sandbox/stripe_shop.ts";
import { createWebhookEndpoints } from "../../tools/stripe_sandbox/webhook_endpoint.ts";
import { bridgeTest, cronSecret, product, webhookSecret } from "../e2e/bridge.ts";
import { startDev } from "./dev_process.ts";
import { runTool } from "./tool_process.ts";

const secretKey = "rk_test_of_the_doctor";

/** What must be in no output. */
const secrets = [webhookSecret, cronSecret, secretKey, "sandbox-access-token", "sb_secret", "@"];

Deno.test("doctor explains itself, and what it cannot do", async () => {
  const help = await runTool("doctor.ts", ["--help"]);
  assert.equal(help.code, 0);
  assert.match(help.stdout, /^Usage: deno task doctor /);
  assert.deepEqual(help.stdout.split("\n").filter((line) => line.length > 100), []);
  const env = { SUPABASE_URL: "http://127.0.0.1:1" };
  for (
    const [args, reason] of [
      [["--everything"], /--everything/],
      [["evt_1"], /^Unexpected argument 'evt_1'/],
      [["--function-url", "ftp://x"], /--function-url is not an http\(s\) URL/],
      [["--data-folder", "/nowhere"], /SUPABASE_URL a project's: not both/],
    ] as const
  ) {
    const { code, stderr } = await runTool("doctor.ts", [...args], { env });
    assert.match(stderr, reason);
    assert.equal(code, 2, stderr);
  }
  const nothing = await runTool("doctor.ts", ["--data-folder", "/nowhere"]);
  assert.equal(nothing.code, 1);
  assert.match(
    nothing.stderr,
    /^No development stack runs on \/nowhere: .* set SUPABASE_URL and SUPABASE_SERVICE_ROLE_KEY=sb_secret_…$/m,
  );
});

bridgeTest(
  "doctor looks at a set-up that is well, at one that is broken, and at one that is mended",
  {
    sandbox: {
      products: [{ ...product, automatedEmails: ["license.created"] }],
      licenseTemplates: [{ id: "template-monthly", name: "Monthly", subscriptionInterval: "P1M" }],
      entitlementSets: [{ id: "set-pro", name: "Pro", productIds: [product.id] }],
    },
  },
  async (bridge, t) => {
    const functionUrl = `${bridge.function.url}/stripe-cryptlex`;
    const shop = createStripeShop();
    const endpoint = {
      url: functionUrl,
      events: handledEventTypes.map(({ type }) => type),
    };
    const serve = (
      changes: { events?: readonly string[]; forbidden?: readonly string[] } = {},
    ) =>
      serveStripe({
        key: secretKey,
        forbidden: changes.forbidden ?? [],
        shops: [shop, createWebhookEndpoints([{ ...endpoint, ...changes }])],
      });
    const look = async (
      { stripe, args = [], env = {} }: {
        stripe: { url: string };
        args?: string[];
        env?: Record<string, string>;
      },
    ) => {
      const result = await runTool("doctor.ts", ["--function-url", functionUrl, ...args], {
        env: {
          ...bridge.settings,
          STRIPE_SECRET_KEY: secretKey,
          STRIPE_API_BASE_URL: stripe.url,
          ...env,
        },
      });
      for (const secret of secrets) {
        assert.ok(!(result.stdout + result.stderr).includes(secret), secret);
      }
      return result;
    };

    await t.step("well: exit code 0, a line each", async () => {
      const stripe = serve();
      try {
        const { code, stdout, stderr } = await look({ stripe });
        assert.equal(code, 0, stdout + stderr);
        assert.equal(stderr, "");
        assert.match(stdout, /^ok {7}settings {17}all can be read; a Stripe key of test mode$/m);
        for (
          const name of [
            "database",
            "migrations",
            "deliveries",
            "drain secret",
            "Stripe: Subscriptions",
            "Stripe endpoint",
            "Stripe events",
            "Cryptlex: license:write",
            "the buyer's key",
            "clocks",
          ]
        ) {
          assert.match(stdout, new RegExp(`^ok {7}${name} `, "m"));
        }
        assert.match(stdout, /^All is well with the project: \d+ ok, 0 failed, \d skipped\n$/m);
        assert.deepEqual(stdout.split("\n").filter((line) => line.length > 80), []);
        assert.deepEqual(bridge.sandbox.licenses(), []);
        assert.deepEqual(bridge.sandbox.users(), []);
      } finally {
        await stripe.shutdown();
      }
    });

    await t.step(
      "broken: exit code 1, each failure with its cure; mended: well again",
      async () => {
        const stripe = serve({
          events: ["invoice.paid", "invoice.created"],
          forbidden: ["/v1/invoice_payments"],
        });
        await bridge.lite.query(
          `insert into licensing.plans (stripe_id, cryptlex_product_id) values ('prod_none', 'gone')`,
        );
        try {
          const { code, stdout } = await look({
            stripe,
            env: { CRON_SECRET: "another-secret-than-the-function's" },
          });
          assert.equal(code, 1);
          for (
            const line of [
              /^FAILED {3}drain secret .*401\n {9}-> supabase secrets set CRON_SECRET/m,
              /^FAILED {3}Stripe: Invoices .*\n {9}-> give the restricted key Read for Invoices/m,
              /^FAILED {3}Stripe events +not sent: /m,
              /invoice\.created is sent/,
              /^FAILED {3}Cryptlex product .*gone\n {9}-> copy its id/m,
              /^4 failures with the project: /m,
            ]
          ) {
            assert.match(stdout, line);
          }
        } finally {
          await bridge.lite.query("delete from licensing.plans");
          await stripe.shutdown();
        }
        const mended = serve();
        try {
          assert.equal((await look({ stripe: mended })).code, 0);
        } finally {
          await mended.shutdown();
        }
      },
    );

    await t.step("--json: one document, with a database that is down, too", async () => {
      const stripe = serve();
      try {
        const well = await look({ stripe, args: ["--json"] });
        assert.equal(well.code, 0, well.stdout);
        const { ok, checks } = JSON.parse(well.stdout);
        assert.equal(ok, true);
        assert.ok(checks.length > 20);
        bridge.databaseDown(true);
        const down = await look({ stripe, args: ["--json"] });
        assert.equal(down.code, 1);
        const failures = JSON.parse(down.stdout).checks.filter(
          ({ state }: { state: string }) => state === "failed",
        );
        assert.deepEqual(
          failures.map(({ name }: { name: string }) => name),
          ["database", "drain secret"],
        );
        assert.ok(failures[0].cure.length > 0);
      } finally {
        bridge.databaseDown(false);
        await stripe.shutdown();
      }
    });

    await t.step("half set: what is missing is named, the rest is looked at", async () => {
      const stripe = serve();
      try {
        const { code, stdout } = await look({ stripe, env: { CRYPTLEX_ACCESS_TOKEN: "" } });
        assert.equal(code, 1);
        assert.match(stdout, /^FAILED {3}settings +CRYPTLEX_ACCESS_TOKEN is not set/m);
        assert.match(stdout, /^skipped {2}Cryptlex token /m);
        assert.match(stdout, /^ok {7}database /m);
      } finally {
        await stripe.shutdown();
      }
    });
  },
);

Deno.test("doctor finds the running development stack, and all is well with it", async () => {
  const folder = await Deno.makeTempDir({ prefix: "doctor-" });
  const dev = await startDev(folder, ["--fresh"]);
  try {
    const { code, stdout, stderr } = await runTool("doctor.ts", ["--data-folder", folder]);
    assert.equal(code, 0, stdout + stderr);
    assert.match(stdout, /^All is well with the development stack: /m);
    assert.ok(!stdout.includes(dev.signingSecret));
  } finally {
    await dev.end("SIGTERM");
    await Deno.remove(folder, { recursive: true });
  }
});
