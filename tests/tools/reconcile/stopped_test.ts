// What goes wrong on the way: a run that is killed, limits, refusals, what cannot be put right.

import { strict as assert } from "node:assert";
import { createStripeShop } from "../../../tools/stripe_sandbox/stripe_shop.ts";
import { startTool } from "../tool_process.ts";
import { product, reconcileTest } from "./stage.ts";

const day = 24 * 60 * 60 * 1000;
const ago = (days: number) => new Date(Date.now() - days * day);
const price = { price: "price_m", product: "prod_app", amount: 1900, interval: "month" } as const;
const many = 250;

function shopOf(count: number, seed: number) {
  const shop = createStripeShop({ seed, now: ago(10) });
  const sold = Array.from(
    { length: count },
    (_, nth) => shop.subscribe({ email: `buyer${nth}@example.com`, price, startedAt: ago(9) }),
  );
  for (const one of sold) one.firstInvoicePaid();
  return { shop, sold };
}

{
  const { shop, sold } = shopOf(many, 11);

  reconcileTest(
    "a run that is killed goes on where it was",
    { shops: [shop] },
    async (stage, t) => {
      const { stripe, env, stateFile } = stage;
      const killed = async (...args: string[]) => {
        const tool = startTool("reconcile.ts", [...args, "--state", stateFile], { env });
        while (!await hasCursor(stateFile)) await new Promise((resolve) => setTimeout(resolve, 5));
        stripe.faults.down("hang");
        await tool.end("SIGKILL");
        stripe.faults.up();
      };
      const asked = () =>
        stripe.requests.flatMap(({ path, query }) =>
          path === "/v1/invoices" ? query.get("subscription") ?? [] : []
        );

      await t.step("when it only reports", async () => {
        await killed();
        const before = new Set(asked());
        const begun = asked().length;
        const { code, stdout, stderr } = await stage.reconcile("--json");
        assert.equal(code, 1);
        assert.match(
          stderr,
          /^Going on where the run of .* was stopped, after [12]00 purchases; --fresh/,
        );
        const { compared, findings } = JSON.parse(stdout);
        assert.equal(compared, many);
        assert.equal(
          findings.filter(({ kind }: { kind: string }) => kind === "missing").length,
          many,
        );
        // Of the first page nothing was asked again.
        const again = asked().slice(begun);
        assert.equal(new Set([...before, ...again]).size, many);
        assert.ok(again.length <= many - 100, String(again.length));
      });

      await t.step("and when it puts right", async () => {
        await killed("--apply");
        const made = stage.sandbox.licenses().length;
        assert.ok(made >= 100 && made < many, String(made));
        const { code, stderr } = await stage.reconcile("--apply");
        assert.equal(code, 0);
        assert.match(stderr, /^Going on where the run of /);
        assert.equal(stage.sandbox.licenses().length, many);
        for (const { id } of sold) assert.equal(stage.usable(id).length, 1);
      });

      await t.step("another question, or --fresh, begins anew", async () => {
        await killed();
        const other = await stage.reconcile("--apply");
        assert.deepEqual([other.code, other.stderr], [0, ""]);
        assert.equal((await stage.found()).compared, many);
      });
    },
  );
}

async function hasCursor(path: string): Promise<boolean> {
  return (await Deno.readTextFile(path).catch(() => "")).includes('"after":"sub_');
}

{
  const { shop, sold } = shopOf(3, 12);

  reconcileTest("limits are waited for, and refusals told", {
    shops: [shop],
    settings: { CRYPTLEX_TIMEOUT_MS: "1000" },
  }, async (stage, t) => {
    await t.step("too many requests, or no answer, for a moment", async () => {
      stage.stripe.faults.next(429, { times: 2, retryAfter: 0 });
      stage.stripe.faults.next(500, { times: 2 });
      stage.sandbox.fault({ kind: "plain_429", times: 2, retryAfterSeconds: 0 });
      stage.sandbox.fault({ kind: "lost_before", method: "GET" });
      const { code, findings } = await stage.found();
      assert.equal(code, 1);
      assert.equal(findings.filter(({ kind }) => kind === "missing").length, 3);
    });

    await t.step("a key that may not read is told once, and nothing is changed", async () => {
      stage.stripe.faults.down(403);
      const { code, stdout, stderr } = await stage.reconcile("--apply");
      assert.deepEqual([code, stdout], [1, ""]);
      assert.match(stderr, /^Stripe refused GET \/v1\/\w+ with 403 /);
      stage.stripe.faults.up();
      assert.equal(stage.sandbox.licenses().length, 0);
    });

    await t.step("while the function rehearses nothing is put right", async () => {
      await stage.sql`update licensing.schedule set rehearsal = true`;
      const { code, stderr } = await stage.reconcile("--apply");
      assert.equal(code, 1);
      assert.match(stderr, /^Cannot --apply: the function rehearses \(RECORD_ONLY\)/);
      assert.equal((await stage.found()).findings.length, 6);
      await stage.sql`update licensing.schedule set rehearsal = false`;
    });

    await t.step("what Cryptlex refuses is told as failed, and tried again", async () => {
      await stage.sql`insert into licensing.plans (stripe_id, cryptlex_product_id)
        values ('prod_app', 'product-gone')`;
      const { code, findings } = await stage.found("--apply");
      assert.equal(code, 1);
      const failed = findings.filter(({ state }) => state === "failed");
      assert.ok(failed.length >= 3);
      assert.match(failed[0]?.proposal ?? "", /^Cryptlex refused POST \/v3\/licenses with 4/);
      await stage.sql`update licensing.plans set cryptlex_product_id = ${product.id}`;
      // One of them is made, and nobody hears of it.
      stage.sandbox.fault({ kind: "lost_after", method: "POST", path: /licenses$/ });
      assert.equal((await stage.found("--apply")).code, 0);
      assert.equal(stage.sandbox.faultCounts()["lost_after"], 1);
      assert.equal(stage.sandbox.licenses().length, 3);
      for (const { id } of sold) assert.equal(stage.usable(id).length, 1);
      const rows = await stage.sql`select status from licensing.stripe_events`;
      assert.deepEqual(rows.map((row) => row["status"]), ["applied", "applied", "applied"]);
    });
  });
}
