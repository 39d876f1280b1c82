// Set-up as a person runs it, as a process, against a whole project on loopback.

import assert from "node:assert/strict";
import { wantedEvents } from "../../tools/setup/endpoint.ts";
import { serveStripe } from "../../tools/stripe_sandbox/serve_stripe.ts";
import { createWebhookEndpoints } from "../../tools/stripe_sandbox/webhook_endpoint.ts";
import { assertWhole, events, hostedTest, writes } from "./setup/hosted_project.ts";
import { runTool, runUnread } from "./tool_process.ts";

/** The numbered lines, as the part that each is about. */
function planned(stdout: string): string[] {
  return [...stdout.matchAll(/^ +\d+ {2}(\w+) /gm)].map(([, part]) => part ?? "");
}

Deno.test("setup explains itself, and says what it was called without", async () => {
  const help = await runTool("setup.ts", ["--help"]);
  assert.equal(help.code, 0);
  assert.match(help.stdout, /^Usage: deno task setup /);
  assert.deepEqual(help.stdout.split("\n").filter((line) => line.length > 100), []);
  const nothing = await runTool("setup.ts");
  assert.equal(nothing.code, 2);
  assert.equal(nothing.stdout, "");
  assert.match(
    nothing.stderr,
    /^Supabase project is missing: say --project-ref, or set SUPABASE_/m,
  );
  assert.match(
    nothing.stderr,
    /^Stripe key is missing: say --stripe-key, or set STRIPE_SETUP_KEY/m,
  );
  const enough = { SUPABASE_PROJECT_REF: "abcdefghijklmnopqrst", STRIPE_SETUP_KEY: "rk_test_1" };
  for (
    const [args, env, reason] of [
      [["--everything"], {}, /--everything/],
      [["production"], {}, /^Unexpected argument 'production'/],
      [["--function-url", "ftp://x"], enough, /--function-url is not an http\(s\) URL/],
      [[], { ...enough, SUPABASE_PROJECT_REF: "mine" }, /^SUPABASE_PROJECT_REF: it is no project/],
      [
        [],
        { ...enough, SUPABASE_DB_URL: "postgres://postgres.abc:Tr0ub4dor#3horse@pooler:6543/db" },
        /^--db-url is no postgres:\/\/ address with a user; percent-encode its password$/m,
      ],
      [[], { ...enough, ON_CANCEL: "explode" }, /^Cannot begin: ON_CANCEL is none of/],
    ] as const
  ) {
    const { code, stderr } = await runTool("setup.ts", [...args], { env });
    assert.match(stderr, reason);
    assert.equal(code, 2, stderr);
  }
});

Deno.test("setup --json tells an error as JSON, too, and before any change none", async () => {
  const { code, stdout, stderr } = await runTool("setup.ts", ["--json"]);
  assert.equal(code, 2);
  const { error, ...rest } = JSON.parse(stdout);
  assert.deepEqual(rest, { ok: false, changes: [] });
  assert.equal(`${error}\n`, stderr);
});

Deno.test("setup ends with 141 when whoever read has gone", async () => {
  const { code, stderr } = await runUnread("setup.ts", ["--json"]);
  assert.deepEqual([code, stderr], [141, ""]);
});

hostedTest(
  "setup sets up from nothing, once, and mends what was changed",
  {},
  async (hosted, t) => {
    const { api, endpoints, functionUrl, checkout } = hosted;
    const linked = () => Deno.readTextFile(`${checkout.path}/supabase/.temp/project-ref`);
    const received = () =>
      hosted.query<{ event_id: string; status: string; livemode: boolean }>(
        "select event_id, status, livemode from licensing.stripe_events order by received_at",
      );

    await t.step("--dry-run shows every change, in order, and makes none", async () => {
      const { code, stdout, stderr } = await hosted.setup(["--dry-run"]);
      assert.equal(code, 0, stdout + stderr);
      assert.equal(stderr, "");
      assert.match(stdout, /^Would change in project \w+ and Stripe's test mode$/m);
      assert.deepEqual(planned(stdout), ["folder", "database", "secrets", "function", "Stripe"]);
      for (const said of [...events, "20261123100000_events_and_purchases.sql", functionUrl]) {
        assert.ok(stdout.includes(said), said);
      }
      assert.match(stdout, /set\s+CRYPTLEX_ACCESS_TOKEN,\s+set\s+CRYPTLEX_PRODUCT_ID$/m);
      assert.match(stdout, /its\s+signing\s+secret\s+becomes\s+STRIPE_WEBHOOK_SECRET_TEST$/m);
      assert.deepEqual(stdout.split("\n").filter((line) => line.length > 80), []);
      assert.deepEqual(writes(hosted), []);
      await assert.rejects(linked(), Deno.errors.NotFound);
      const schemas = "select 1 from pg_namespace where nspname = 'licensing'";
      assert.deepEqual(await hosted.query(schemas), []);
    });

    await t.step("all is set up, and a test event arrives", async () => {
      const { code, stdout, stderr } = await hosted.setup();
      assert.equal(code, 0, stdout + stderr);
      assert.equal(stderr, "");
      assert.match(stdout, /^changed {2}Stripe +5 of 5$/m);
      assert.match(stdout, /^ok {7}test event +evt_setup_\w+ arrived in/m);
      assert.match(stdout, /^All is well with project \w+ and Stripe's test mode: /m);
      const endpoint = await assertWhole(hosted);
      assert.deepEqual(
        [endpoint.url, endpoint.enabled_events, endpoint.api_version],
        [functionUrl, events, "2026-10-28.endive"],
      );
      const { CRYPTLEX_ACCESS_TOKEN, CRYPTLEX_PRODUCT_ID, ...others } = api.secretValues();
      assert.deepEqual([CRYPTLEX_ACCESS_TOKEN, CRYPTLEX_PRODUCT_ID], [
        hosted.env.CRYPTLEX_ACCESS_TOKEN,
        "product-app",
      ]);
      assert.deepEqual(Object.keys(others).sort(), [
        "CRYPTLEX_WEB_API_BASE_URL",
        "STRIPE_CRYPTLEX_DEPLOYED",
        "STRIPE_WEBHOOK_SECRET_TEST",
      ]);
      assert.deepEqual(api.uploads.map(({ slug }) => slug), ["stripe-cryptlex"]);
      assert.equal(await linked(), api.projectRef);
      const [event, ...more] = await received();
      assert.deepEqual([event?.status, event?.livemode, more], ["ignored", false, []]);
    });

    await t.step("the second time nothing is changed, the values given or not", async () => {
      const before = { writes: writes(hosted), received: await received() };
      const { code, stdout, stderr } = await hosted.setup();
      assert.equal(code, 0, stdout + stderr);
      assert.match(stdout, /^Nothing to change in project/m);
      assert.match(stdout, /^ok {7}test event +\w+ arrived\s+when\s+this\s+function/m);
      const json = await hosted.setup(["--json"], {
        CRYPTLEX_ACCESS_TOKEN: "",
        CRYPTLEX_PRODUCT_ID: "",
      });
      assert.equal(json.code, 0, json.stdout + json.stderr);
      const { checks, ...report } = JSON.parse(json.stdout);
      assert.deepEqual(report, {
        project: api.projectRef,
        mode: "test",
        dry_run: false,
        changes: [],
        ok: true,
      });
      assert.equal(checks[0].name, "test event");
      assert.deepEqual({ writes: writes(hosted), received: await received() }, before);
    });

    await t.step("what was changed by others is mended, and only that", async () => {
      const [endpoint] = endpoints.all();
      endpoints.write({
        method: "POST",
        path: `/v1/webhook_endpoints/${endpoint?.id}`,
        form: new URLSearchParams({ "enabled_events[0]": "invoice.created", "disabled": "true" }),
      });
      const file = `${checkout.path}/functions/stripe-cryptlex/delay.ts`;
      await Deno.writeTextFile(file, `${await Deno.readTextFile(file)}// Changed.\n`);
      const { code, stdout, stderr } = await hosted.setup(["--customers"], {
        RENEWAL_GRACE_DAYS: "14",
      });
      assert.equal(code, 0, stdout + stderr);
      assert.deepEqual(planned(stdout), ["secrets", "function", "Stripe"]);
      assert.match(stdout, /set RENEWAL_GRACE_DAYS$/m);
      assert.match(stdout, /enable\s+it;\s+also\s+send\s+checkout/);
      assert.match(stdout, /no\s+longer\s+send\s+invoice\.created/);
      const mended = await assertWhole(hosted);
      assert.deepEqual(mended.enabled_events, wantedEvents({ customers: true }));
      assert.equal(mended.status, "enabled");
      assert.equal(api.uploads.length, 2);
    });

    await t.step("live mode is set up beside test mode, and both are taken", async () => {
      const key = "rk_live_of_the_setup";
      const live = createWebhookEndpoints([]);
      const stripe = serveStripe({ key, shops: [live] });
      try {
        const { code, stdout, stderr } = await hosted.setup([], {
          STRIPE_SETUP_KEY: key,
          STRIPE_API_BASE_URL: stripe.url,
        });
        assert.equal(code, 0, stdout + stderr);
        assert.deepEqual(planned(stdout), ["Stripe"]);
        assert.match(stdout, /^ok {7}test event +evt_setup_\w+ arrived in/m);
        const secrets = api.secretValues();
        assert.equal(secrets.STRIPE_WEBHOOK_SECRET_LIVE, live.secretOf(live.all()[0]?.id ?? ""));
        await assertWhole(hosted);
        const modes = (await received()).map(({ livemode }) => livemode);
        assert.deepEqual([...new Set(modes)], [false, true]);
      } finally {
        await stripe.shutdown();
      }
    });
  },
);
