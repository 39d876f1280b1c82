import assert from "node:assert/strict";
import { eventually } from "../eventually.ts";
import { startDev } from "./dev_process.ts";
import { runTool } from "./tool_process.ts";

const project = {
  SUPABASE_URL: "http://127.0.0.1:1",
  SUPABASE_SECRET_KEYS: '{"default":"sb_secret_told_nobody"}',
};

Deno.test("explain says what it does, and explains what it cannot do", async () => {
  const help = await runTool("explain.ts", ["--help"]);
  assert.deepEqual([help.code, help.stderr], [0, ""]);
  assert.match(help.stdout, /^Usage: deno task explain /);
  assert.deepEqual(help.stdout.split("\n").filter((line) => line.length > 100), []);
  for (
    const [args, reason, code] of [
      [[], /^Say who is meant, once/, 2],
      [["price_1"], /^Neither an e-mail address nor an id of Stripe's .*: price_1$/m, 2],
      [["sub_1", "--everything"], /--everything/, 2],
      [["sub_1", "--data-folder", "/nowhere"], /SUPABASE_URL a project's: not both/, 2],
      [["sub_1"], /^Cannot explain_purchases: the database answered nothing \(/, 1],
      [["ada@example.com"], /^Cannot explain_purchases: [^@]*$/, 1],
    ] as const
  ) {
    const failed = await runTool("explain.ts", [...args], { env: project });
    assert.match(failed.stderr, reason);
    assert.deepEqual([failed.code, failed.stdout], [code, ""]);
    assert.ok(!failed.stderr.includes("sb_secret"));
  }
});

Deno.test("explain tells of the running development stack why there is a license, or none", async (t) => {
  const folder = await Deno.makeTempDir({ prefix: "explain-" });
  const dev = await startDev(folder, ["--fresh"], { env: { RENEWAL_GRACE_DAYS: "14" } });
  const explain = (...args: string[]) => runTool("explain.ts", [...args, "--data-folder", folder]);
  const told = async (...args: string[]) => {
    const { code, stdout, stderr } = await explain(...args);
    assert.deepEqual([code, stderr], [0, ""]);
    // deno-lint-ignore no-control-regex
    assert.doesNotMatch(stdout, /\x1b|sb_secret|whsec/);
    assert.deepEqual(stdout.split("\n").filter((line) => line.length > 80), []);
    return stdout;
  };
  const jsonOf = async (...args: string[]) => {
    const { code, stdout, stderr } = await explain(...args, "--json");
    assert.deepEqual([code, stderr], [0, ""]);
    return JSON.parse(stdout);
  };
  const answerOf = (output: string) =>
    (output.trimEnd().split("\n\n").at(-1) ?? "").replaceAll("\n", " ");
  try {
    await dev.send("sale", "--email", "ann@example.com");
    await dev.send("first-invoice");
    await dev.send("unpaid", "--email", "Ann@example.com");
    await dev.send("no-email");
    await dev.send("unknown");
    const ids: Record<string, string> = {};
    await eventually(async () => {
      const rows = await dev.rows("stripe_events");
      for (const row of rows) ids[String(row["event_type"])] = String(row["event_id"]);
      return rows.length === 5 && rows.every(({ status }) => status !== "pending");
    });

    await t.step("of several purchases all are listed, and the newest explained", async () => {
      const output = await told("ANN@example.com");
      assert.match(
        output,
        /^2 purchases\n {2}pi_\w+ +since .* 0 licenses\n {2}sub_\w+ .* 1 license\n/,
      );
      assert.match(answerOf(output), /^1 of 2 not shown: --all, or ask by id\.$/);
      assert.match(output, /^Nothing was paid yet: the payment is under way\./m);
      assert.doesNotMatch(output, /^sub_\w+, first told of/m);
    });

    await t.step("with --all each is", async () => {
      const output = await told("ann@example.com", "--all");
      assert.match(output, /^Nothing was paid yet/m);
      assert.match(answerOf(output), /^Licensed: license [\w-]{36} of product product-app, until/);
    });

    await t.step("a license is explained by an event of its purchase", async () => {
      const output = await told(ids["invoice.paid"] ?? "");
      assert.match(output, /^sub_\w+, first told of .*, UTC\n\nWhat Stripe told\n/);
      assert.match(output, /^ {2}[\d-]{10} [\d:]{8} {2}create_license {2}201 {2}\d+ ms$/m);
      assert.match(output, /RENEWAL_GRACE_DAYS 14/);
      assert.match(output, /^ {2}would do nothing: already so$/m);
      assert.match(answerOf(output), /^Licensed: /);
    });

    await t.step("what is parked says since when, why, and what to do", async () => {
      const [row] = (await dev.rows("stripe_events")).filter(({ status }) => status === "parked");
      const output = await told(String(row?.["purchase_id"]));
      assert.match(
        answerOf(output),
        /^Parked since .*: Cannot make a license .* then: deno task replay evt_\w+$/,
      );
    });

    await t.step("an event of no purchase, and what nobody told of", async () => {
      const output = await told(ids["product.created"] ?? "");
      assert.match(answerOf(output), /^No purchase is known: product\.created says nothing about/);
      for (const who of ["sub_nobody", "nobody@example.com"]) {
        const { code, stdout, stderr } = await explain(who);
        assert.deepEqual([code, stderr], [1, ""]);
        assert.match(stdout, /^(Nothing is known of it here|No purchase and no customer is known)/);
      }
    });

    await t.step("with --json the same is one object", async () => {
      const { explanations, total, verdict } = await jsonOf("ann@example.com", "--all");
      assert.deepEqual([total, verdict], [2, null]);
      const [unpaid, licensed] = explanations;
      assert.equal(unpaid.verdict.kind, "unpaid");
      assert.equal(licensed.verdict.kind, "licensed");
      assert.equal(licensed.licenses[0].condition, "works");
      assert.deepEqual(
        licensed.calls.rows.map(({ action }: { action: string }) => action),
        ["create_user", "create_license", "set_expires_at"],
      );
      const nobody = await explain("sub_nobody", "--json");
      assert.equal(nobody.code, 1);
      assert.equal(JSON.parse(nobody.stdout).verdict.kind, "unknown");
    });
  } finally {
    await dev.end("SIGTERM");
    await Deno.remove(folder, { recursive: true });
  }
});
