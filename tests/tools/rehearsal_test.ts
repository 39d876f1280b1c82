// A rehearsal beside Cryptlex's own script, looked at as a person does: as a process.

import assert from "node:assert/strict";
import { handledEventTypes } from "../../functions/stripe-cryptlex/event_readers.ts";
import { serveStripe } from "../../tools/stripe_sandbox/serve_stripe.ts";
import { createStripeShop } from "../../tools/stripe_sandbox/stripe_shop.ts";
import { createWebhookEndpoints } from "../../tools/stripe_sandbox/webhook_endpoint.ts";
import {
  type Bridge,
  bridgeTest,
  cronSecret,
  otherProduct,
  product,
  webhookSecret,
} from "../e2e/bridge.ts";
import { eventually } from "../eventually.ts";
import { runTool } from "./tool_process.ts";

const secretKey = "rk_test_of_the_rehearsal";
const day = 24 * 60 * 60 * 1000;
const graceMs = 3 * day;
const price = { amount: 1900, interval: "month" } as const;

/** What must be in no output. */
const secrets = [webhookSecret, cronSecret, secretKey, "sandbox-access-token", "sb_secret", "@ex"];

Deno.test("rehearsal explains itself, and what it cannot do", async () => {
  const help = await runTool("rehearsal.ts", ["--help"]);
  assert.deepEqual([help.code, help.stderr], [0, ""]);
  assert.match(help.stdout, /^Usage: deno task rehearsal /);
  assert.deepEqual(help.stdout.split("\n").filter((line) => line.length > 100), []);
  const env = { SUPABASE_URL: "http://127.0.0.1:1", SUPABASE_SERVICE_ROLE_KEY: "sb_secret_x" };
  const token = { CRYPTLEX_ACCESS_TOKEN: "t", CRYPTLEX_WEB_API_BASE_URL: "http://127.0.0.1:1" };
  for (
    const [args, reason, code, more] of [
      [["--everything"], /--everything/, 2, {}],
      [["sub_1"], /^Unexpected argument 'sub_1'/, 2, {}],
      [["--old-endpoint", "script"], /^--old-endpoint is not a URL$/m, 2, {}],
      [["--data-folder", "/nowhere"], /SUPABASE_URL a project's: not both/, 2, {}],
      [[], /^Cannot begin: CRYPTLEX_ACCESS_TOKEN is not set/, 1, {}],
      [[], /^Cryptlex did not answer GET \/v3\/licenses: the connection failed$/m, 1, token],
    ] as const
  ) {
    const { code: ended, stdout, stderr } = await runTool("rehearsal.ts", [...args], {
      env: { ...env, ...more },
    });
    assert.match(stderr, reason);
    assert.deepEqual([ended, stdout], [code, ""]);
    assert.ok(!stderr.includes("sb_secret"));
  }
});

bridgeTest(
  "a rehearsal is compared with what the script made, until all is ready to switch",
  {
    settings: { RECORD_ONLY: "true" },
    sandbox: {
      products: [
        { ...product, automatedEmails: ["license.created"] },
        otherProduct,
      ],
    },
  },
  async (bridge, t) => {
    const functionUrl = `${bridge.function.url}/stripe-cryptlex`;
    const scriptUrl = "https://script.example/v2";
    const own = { url: functionUrl, events: handledEventTypes.map(({ type }) => type) };
    const startedAt = new Date(Date.now() - 2 * day);
    const shop = createStripeShop({ seed: 900, now: startedAt });
    const look = async (
      args: readonly string[],
      { endpoints = [own], env = {} }: {
        endpoints?: Parameters<typeof createWebhookEndpoints>[0];
        env?: Record<string, string>;
      } = {},
    ) => {
      const stripe = serveStripe({
        key: secretKey,
        shops: [shop, createWebhookEndpoints(endpoints)],
      });
      try {
        const result = await runTool("rehearsal.ts", ["--function-url", functionUrl, ...args], {
          env: {
            ...bridge.settings,
            STRIPE_SECRET_KEY: secretKey,
            STRIPE_API_BASE_URL: stripe.url,
            ...env,
          },
        });
        assert.equal(result.stderr, "");
        for (const secret of secrets) assert.ok(!result.stdout.includes(secret), secret);
        // deno-lint-ignore no-control-regex
        assert.doesNotMatch(result.stdout, /\x1b/);
        return result;
      } finally {
        await stripe.shutdown();
      }
    };
    const found = async (args: readonly string[] = []) => {
      const { stdout } = await look(["--json", ...args]);
      const told = JSON.parse(stdout);
      const kindsOf = (id: string): string[] =>
        told.purchases.find((one: { purchase_id: string }) => one.purchase_id === id)?.kinds;
      return { told, kindsOf };
    };
    const subscribe = (name: string) =>
      shop.subscribe({ email: `${name}@example.com`, name: "Old Hand", price, startedAt });
    const script = (id: string, expiresAt: Date, changes: Record<string, unknown> = {}) =>
      bridge.sandbox.seedLicense({
        productId: product.id,
        createdAt: startedAt.toISOString(),
        expiresAt: expiresAt.toISOString(),
        subscriptionInterval: "P1M",
        metadata: [{ key: "stripe_subscription_id", value: id, viewPermissions: [] }],
        ...changes,
      });

    await t.step("before anything was rehearsed: exit code 1, and it says so", async () => {
      const { code, stdout } = await look([]);
      assert.equal(code, 1, stdout);
      assert.match(stdout, /^0 purchases rehearsed by the project$/m);
      assert.match(stdout, /^TO DO {4}rehearsed {16}no event is held: nothing was rehearsed yet$/m);
      assert.match(stdout, /^skipped {2}RECORD_ONLY {14}the function has not said yet$/m);
      assert.match(stdout, /^Not ready: 1 thing to do first\.\n$/m);
      await hear(functionUrl);
      assert.match(
        (await look([])).stdout,
        /^ok {7}RECORD_ONLY {14}on, as the function said at 20/m,
      );
    });

    const agreeing = subscribe("agreeing");
    const graced = subscribe("graced");
    const doubled = subscribe("doubled");
    const missing = subscribe("missing");
    const behind = subscribe("behind");
    const longer = subscribe("longer");
    const ended = subscribe("ended");
    const unpaid = shop.buy({ email: "u@example.com", amount: 100, paymentStatus: "unpaid" });
    script(agreeing.id, new Date(agreeing.periodEnd(0).getTime() + graceMs));
    script(graced.id, graced.periodEnd(0));
    const doubles = [0, 1].map(() => script(doubled.id, doubled.periodEnd(0)));
    script(behind.id, new Date(behind.periodEnd(0).getTime() - 20 * day));
    script(longer.id, longer.periodEnd(1));
    script(ended.id, ended.periodEnd(0));
    const unpaidLicense = script(unpaid.id, new Date("2031-01-01T00:00:00Z"), {
      metadata: [{ key: "stripe_transaction_id", value: unpaid.id, viewPermissions: [] }],
    });
    const nobodys = script("subscription_empty", new Date("2031-01-01T00:00:00Z"));
    script("sub_of_whom_nothing_came", new Date("2031-01-01T00:00:00Z"));
    const before = JSON.stringify(bridge.sandbox.licenses());

    await t.step("purchase by purchase it says how they differ", async () => {
      const events = [
        ...[agreeing, graced, doubled, missing, behind, longer, ended]
          .map((sale) => sale.firstInvoicePaid()),
        ended.canceled({ at: new Date() }),
        unpaid.completed(),
      ];
      await bridge.send(...events);
      await eventually(async () => (await bridge.rows(...events)).every(({ held }) => held));

      const { told, kindsOf } = await found();
      assert.equal(told.ready, false);
      assert.deepEqual(
        Object.keys(told),
        ["ready", "begun_at", "policy", "purchases", "remains", "switching"],
      );
      const doubledOne = told.purchases.find((one: { purchase_id: string }) =>
        one.purchase_id === doubled.id
      );
      assert.deepEqual(doubledOne.license_ids.toSorted(), doubles.map(({ id }) => id).toSorted());
      assert.match(doubledOne.would_do, /^would move license /);
      assert.deepEqual(kindsOf(agreeing.id), ["agrees"]);
      assert.deepEqual(kindsOf(graced.id), ["grace"]);
      assert.deepEqual(kindsOf(doubled.id), ["double", "grace"]);
      assert.deepEqual(kindsOf(missing.id), ["missing"]);
      assert.deepEqual(kindsOf(behind.id), ["date"]);
      assert.deepEqual(kindsOf(longer.id), ["longer"]);
      assert.deepEqual(kindsOf(ended.id), ["ends"]);
      assert.deepEqual(kindsOf(unpaid.id), ["unpaid"]);
    });

    await t.step("as a table, the differing ones listed, and what is to do", async () => {
      const { code, stdout } = await look([], {
        endpoints: [own, { url: `${scriptUrl}?token=hidden`, events: ["invoice.paid"] }],
      });
      assert.equal(code, 1);
      assert.deepEqual(stdout.split("\n").filter((line) => line.length > 80), []);
      assert.ok(!stdout.includes("hidden"));
      const text = stdout.replace(/\s+/g, " ");
      for (
        const line of [
          /^8 purchases rehearsed by the project since 20\d\d-.* UTC$/m,
          /^ {2}1 {2}there are several for one purchase: all kept in step$/m,
          /^ {2}1 {2}would be revoked$/m,
          /^ {2}1 {2}agrees, and gets its days of grace$/m,
          /^Where it differs$/m,
          /^TO DO {4}old endpoint /m,
        ]
      ) {
        assert.match(stdout, line);
      }
      for (
        const said of [
          `${doubled.id}: there are several for one purchase: all kept in step would move license `,
          `${missing.id}: there is none, and one would be made would make sure of a license of ` +
          `product ${product.id}, until `,
          "TO DO nobody's licenses 1 license with subscription_empty for a subscription: ",
          `1 other endpoint gets sales from Stripe: ${scriptUrl}`,
          `of purchases that had no event yet are found when one comes`,
          "1. In Stripe's dashboard, Developers, Webhooks: disable the script's endpoint. Wait ten",
          `2. npx supabase@3.1.0 secrets unset RECORD_ONLY 3. curl ${functionUrl}/health 4. deno`,
          "5. deno task reconcile, and with --apply once it says what differs",
          "-> deno task reconcile says whose each may be; --link <license>=<sub_…> --apply",
        ]
      ) {
        assert.ok(text.includes(said), `${said}\n${stdout}`);
      }
      assert.ok(!text.includes(`${agreeing.id}:`));
      assert.match((await look(["--all"])).stdout, new RegExp(`^  ${agreeing.id}: agrees$`, "m"));
    });

    await t.step("the script's endpoint is known by its address", async () => {
      const endpoints = [
        own,
        { url: "https://shop.example/hook", events: ["invoice.paid"] },
        { url: scriptUrl, events: ["invoice.paid"], status: "disabled" as const },
      ];
      const named = await look(["--old-endpoint", scriptUrl], { endpoints });
      assert.match(named.stdout, /^ok {7}old endpoint {13}/m);
      const unnamed = await look([], { endpoints });
      assert.match(unnamed.stdout, /^TO DO {4}old endpoint /m);
      const without = await look([], { env: { STRIPE_SECRET_KEY: "" } });
      assert.match(without.stdout, /^skipped {2}old endpoint {13}without STRIPE_SECRET_KEY$/m);
    });

    await t.step("nothing was changed by looking", () => {
      assert.equal(JSON.stringify(bridge.sandbox.licenses()), before);
    });

    await t.step("mended by hand it is ready: exit code 0", async () => {
      const revoke = (id: string) => edit(bridge, id, { revoked: true });
      await revoke(String(doubles[1]?.id));
      await revoke(nobodys.id);
      await revoke(unpaidLicense.id);
      const { code, stdout } = await look([]);
      assert.equal(code, 0, stdout);
      assert.match(stdout, /^Ready to switch\.\n$/m);
      const { kindsOf } = await found();
      assert.deepEqual(kindsOf(doubled.id), ["grace"]);
    });

    await t.step(
      "what nobody understands, and who has no address, is to be done first",
      async () => {
        const nobody = shop.subscribe({ email: null, name: null, price, startedAt });
        const strange = structuredClone(agreeing.firstInvoicePaid());
        Object.assign(strange, { id: "evt_strange" });
        Reflect.deleteProperty(strange.data.object, "lines");
        await bridge.send(nobody.firstInvoicePaid(), strange);
        await eventually(async () =>
          (await bridge.rows(nobody.firstInvoicePaid())).every(({ held }) => held)
        );
        const { told, kindsOf } = await found();
        assert.deepEqual(kindsOf(nobody.id), ["parked"]);
        const remains = told.remains.filter(({ state }: { state: string }) => state === "remains")
          .map(({ name, found }: { name: string; found: string }) => `${name}: ${found}`);
        assert.match(remains.join("\n"), /^purchases: 1: would be parked: it needs a person$/m);
        assert.match(remains.join("\n"), /^not understood: 1 event invoice\.paid: .*lines/m);
      },
    );

    await t.step("a function that acts is no rehearsal", async () => {
      const real = await bridge.startAnother({ RECORD_ONLY: "false" });
      await hear(`${real.url}/stripe-cryptlex`);
      const { code, stdout } = await look([]);
      assert.equal(code, 1);
      assert.match(stdout, /^TO DO {4}RECORD_ONLY {14}off, as the function said at/m);
    });
  },
);

/** Has the function tell the database of itself, as the database's own drain does. */
async function hear(functionUrl: string): Promise<void> {
  const headers = { authorization: "Bearer one-that-only-the-database-can-know" };
  const response = await fetch(`${functionUrl}/health`, { headers });
  assert.equal(response.status, 401, await response.text());
}

/** As a person does in Cryptlex's admin portal. */
async function edit(bridge: Bridge, id: string, fields: Record<string, unknown>): Promise<void> {
  const response = await fetch(
    `${bridge.settings["CRYPTLEX_WEB_API_BASE_URL"]}/v3/licenses/${id}`,
    {
      method: "PATCH",
      headers: {
        authorization: `Bearer ${bridge.settings["CRYPTLEX_ACCESS_TOKEN"]}`,
        "content-type": "application/json",
      },
      body: JSON.stringify(fields),
    },
  );
  assert.equal(response.status, 200, await response.text());
}
