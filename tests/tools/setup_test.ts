// Set-up as a person runs it, as a process, against a whole project on loopback.

import assert from "node:assert/strict";
import { sha256 } from "../../tools/setup/digest.ts";
import { madeBySetup, secretStored, wantedEvents } from "../../tools/setup/endpoint.ts";
import { serveStripe } from "../../tools/stripe_sandbox/serve_stripe.ts";
import { createWebhookEndpoints } from "../../tools/stripe_sandbox/webhook_endpoint.ts";
import { type Hosted, type HostedOptions, startHosted } from "./setup/hosted.ts";
import { runTool, runUnread } from "./tool_process.ts";

const events = wantedEvents({ customers: false });
const setSecrets = "POST /v1/projects/{ref}/secrets";

function hostedTest(
  name: string,
  options: HostedOptions,
  steps: (hosted: Hosted, t: Deno.TestContext) => Promise<void>,
): void {
  // The database server outlives its first test.
  Deno.test({ name, sanitizeResources: false, sanitizeOps: false }, async (t) => {
    const hosted = await startHosted(options);
    try {
      await steps(hosted, t);
    } finally {
      await hosted.stop();
    }
  });
}

/** Everything that anybody was told to change. */
function writes({ api, stripe }: Hosted): string[] {
  return [
    ...api.requests.filter((asked) => !asked.startsWith("GET")),
    ...stripe.requests.filter(({ method }) => method !== "GET")
      .map(({ method, path }) => `${method} ${path}`),
  ];
}

/** The numbered lines, as the part that each is about. */
function planned(stdout: string): string[] {
  return [...stdout.matchAll(/^ +\d+ {2}(\w+) /gm)].map(([, part]) => part ?? "");
}

/** One endpoint, made by us, whose secret the project has under that name. */
async function assertWhole({ api, endpoints }: Hosted, name = "STRIPE_WEBHOOK_SECRET_TEST") {
  const [endpoint, ...others] = endpoints.all();
  assert.ok(endpoint !== undefined && others.length === 0);
  const secret = endpoints.secretOf(endpoint.id) ?? "";
  assert.equal(api.secretValues()[name], secret);
  assert.deepEqual(endpoint.metadata, { ...madeBySetup, ...secretStored(await sha256(secret)) });
  return endpoint;
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

hostedTest("a mode is set up only where the function's own key is of it", {}, async (hosted, t) => {
  const [key, ownKey] = ["rk_live_of_the_setup", "rk_live_of_the_function"] as const;
  const stripe = serveStripe({ key: [key, ownKey], shops: [createWebhookEndpoints([])] });
  const live = { STRIPE_SETUP_KEY: key, STRIPE_API_BASE_URL: stripe.url };
  try {
    await t.step("a stored key of the other mode fails it, and the cure is told", async () => {
      await hosted.api.set({ STRIPE_SECRET_KEY: "rk_test_of_the_function" });
      for (const time of ["first", "again"]) {
        const { code, stdout, stderr } = await hosted.setup([], live);
        assert.equal(code, 1, time + stdout + stderr);
        assert.match(stdout, /^FAILED {3}test event +everything of live mode is ignored/m);
        assert.match(stdout, /STRIPE_SECRET_KEY=rk_live_…/);
      }
    });

    await t.step("with one of the mode set up, the test event is taken", async () => {
      const own = { ...live, STRIPE_SECRET_KEY: ownKey };
      const { code, stdout, stderr } = await hosted.setup(["--new-endpoint", "--yes"], own);
      assert.equal(code, 0, stdout + stderr);
      assert.match(stdout, /change\s+STRIPE_SECRET_KEY/);
      assert.match(stdout, /^ok {7}test event +evt_setup_\w+ arrived in/m);
      assert.match(stdout, /^ok {7}test and live +of the last day's events 0 live, 0 test/m);
    });
  } finally {
    await stripe.shutdown();
  }
});

hostedTest("a set-up that fails or is killed can be called again", {}, async (hosted, t) => {
  const { api, endpoints } = hosted;

  await t.step(
    "a key that may only read makes no endpoint; the cure is told, and what was made",
    async () => {
      const stripe = serveStripe({
        key: hosted.env.STRIPE_SETUP_KEY ?? "",
        shops: [createWebhookEndpoints([])],
        forbidden: ["POST /v1/webhook_endpoints"],
      });
      try {
        const { code, stdout, stderr } = await hosted.setup(["--json"], {
          STRIPE_API_BASE_URL: stripe.url,
        });
        assert.equal(code, 1, stdout);
        const { changes, error, ok } = JSON.parse(stdout);
        assert.deepEqual(
          changes.map(({ part }: { part: string }) => part),
          ["folder", "database", "secrets", "function"],
        );
        assert.deepEqual([ok, `${error}\n`], [false, stderr]);
        assert.doesNotMatch(stderr, /\n +at /, "a place in the code helps nobody here");
        assert.match(stderr, /^The Stripe key may not make a webhook endpoint: give it Write for/);
        assert.match(stderr, /^Change 5 of 5 \(Stripe\) failed\. What was done before it stays/m);
      } finally {
        await stripe.shutdown();
      }
    },
  );

  await t.step("when its secret cannot be set, the endpoint is taken back", async () => {
    api.breakDown(setSecrets);
    const { code, stdout, stderr } = await hosted.setup();
    api.breakDown(null);
    assert.equal(code, 1, stdout);
    assert.match(stderr, /secrets set: .*\nChange 1 of 1 \(Stripe\) failed\./);
    assert.deepEqual(endpoints.all(), []);
  });

  await t.step("killed between the two, the next run makes another and deletes it", async () => {
    api.breakDown(setSecrets, "hang");
    const asked = api.requests.filter((one) => one === setSecrets).length;
    const running = hosted.start();
    while (api.requests.filter((one) => one === setSecrets).length === asked) {
      await new Promise((resolve) => setTimeout(resolve, 20));
    }
    await running.end("SIGKILL");
    api.breakDown(null);
    const [left] = endpoints.all();
    assert.ok(left !== undefined);

    const { code, stdout, stderr } = await hosted.setup(["--yes"]);
    assert.equal(code, 0, stdout + stderr);
    assert.match(stdout, new RegExp(`then ${left.id}\\s+is\\s+deleted`));
    const endpoint = await assertWhole(hosted);
    assert.notEqual(endpoint.id, left.id);
    assert.match((await hosted.setup()).stdout, /^Nothing to change/m);
  });
});

hostedTest(
  "an endpoint that somebody else made is kept, once its secret is told",
  { endpoints: [{ events: ["invoice.paid"], apiVersion: "2025-03-31.basil" }] },
  async (hosted, t) => {
    const { api, endpoints } = hosted;
    const [endpoint] = endpoints.all();
    const secret = endpoints.secretOf(endpoint?.id ?? "") ?? "";

    await t.step("without it nothing is changed, and both ways on are told", async () => {
      const { code, stdout, stderr } = await hosted.setup();
      assert.equal(code, 2, stdout);
      assert.match(stderr, /^The signing secret of webhook endpoint we_\d+ is needed/);
      assert.match(stderr, /say --signing-secret, or set STRIPE_WEBHOOK_SECRET_TEST .* --new-endp/);
      assert.deepEqual(writes(hosted), []);
    });

    await t.step("with it all is set up, and the endpoint's API version is left", async () => {
      const given = { STRIPE_WEBHOOK_SECRET: secret };
      const { code, stdout, stderr } = await hosted.setup([], given);
      assert.equal(code, 0, stdout + stderr);
      assert.match(stdout, /^ok {7}test event +evt_setup_\w+ arrived in/m);
      assert.equal(api.secretValues().STRIPE_WEBHOOK_SECRET_TEST, secret);
      const [kept, ...others] = endpoints.all();
      assert.deepEqual(
        [kept?.id, kept?.api_version, kept?.enabled_events, others],
        [endpoint?.id, "2025-03-31.basil", events, []],
      );
      assert.match((await hosted.setup([], given)).stdout, /^Nothing to change/m);
      assert.match(
        (await hosted.setup()).stdout,
        /^skipped {2}signing secret [^>]*cannot\s+be\s+seen$/m,
      );
    });

    await t.step(
      "--new-endpoint makes one whose secret is known in its place; unasked, only with --yes",
      async () => {
        const before = writes(hosted);
        const unasked = await hosted.setup(["--new-endpoint"]);
        assert.equal(unasked.code, 2, unasked.stdout);
        assert.match(
          unasked.stderr,
          /^Nothing was changed: we_\d+ would be deleted, .* say --yes$/m,
        );
        assert.deepEqual(writes(hosted), before);
        const { code, stdout, stderr } = await hosted.setup(["--new-endpoint", "--yes"]);
        assert.equal(code, 0, stdout + stderr);
        const made = await assertWhole(hosted);
        assert.deepEqual([made.id === endpoint?.id, made.api_version], [
          false,
          "2026-10-28.endive",
        ]);
      },
    );
  },
);

hostedTest(
  "what is not taken is said, with what to do, before anything is changed",
  { endpoints: [{ events, apiVersion: "2019-03-14" }] },
  async (hosted) => {
    const cases: [Record<string, string>, number, RegExp][] = [
      [{ SUPABASE_ACCESS_TOKEN: "" }, 2, /^Supabase access token is missing: say --supabase-token/],
      [{ SUPABASE_PROJECT_REF: "b".repeat(20) }, 1, /^SUPABASE_PROJECT_REF: supabase link b+: /],
      [{ STRIPE_SETUP_KEY: "rk_test_expired" }, 1, /^STRIPE_SETUP_KEY: Stripe refuses the key/],
      [{ STRIPE_SETUP_KEY: "whsec_x" }, 2, /^STRIPE_SETUP_KEY: it does not look like rk_live_…/],
      [
        { STRIPE_SECRET_KEY: hosted.env.STRIPE_SETUP_KEY ?? "" },
        2,
        /^STRIPE_SETUP_KEY: .*the same/,
      ],
      [
        { CRYPTLEX_ACCESS_TOKEN: "wrong-token" },
        1,
        /^CRYPTLEX_ACCESS_TOKEN: .* refuses it with 401/,
      ],
      [{ CRYPTLEX_PRODUCT_ID: "gone" }, 1, /^CRYPTLEX_PRODUCT_ID: Cryptlex does not know/],
      [
        { CRYPTLEX_PRODUCT_ID: "" },
        2,
        /^Cryptlex product id is missing: say --cryptlex-product, or set CRYPTLEX_PRODUCT_ID/,
      ],
      [{}, 1, /^Webhook endpoint we_\d+ sends API version 2019-03-14, .* say --new-endpoint/],
    ];
    for (const [changes, expected, reason] of cases) {
      const { code, stderr } = await hosted.setup([], changes);
      assert.match(stderr, reason);
      assert.equal(code, expected, stderr);
    }
    assert.deepEqual(writes(hosted), []);
  },
);
