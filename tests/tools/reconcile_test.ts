// Reconciling as a person does it: the tool as a process, against everything there is.

import { strict as assert } from "node:assert";
import { reconcileSettings } from "../../tools/reconcile/reconcile_settings.ts";
import { createStripeShop } from "../../tools/stripe_sandbox/stripe_shop.ts";
import { product, reconcileTest } from "./reconcile/stage.ts";
import { runTool, runUnread } from "./tool_process.ts";

const project = {
  SUPABASE_URL: "http://127.0.0.1:1",
  SUPABASE_SECRET_KEYS: '{"default":"sb_secret_told_nobody"}',
  CRYPTLEX_ACCESS_TOKEN: "token_told_nobody",
};
const day = 24 * 60 * 60 * 1000;
const ago = (days: number) => new Date(Date.now() - days * day);
const price = { price: "price_month", amount: 1900, interval: "month" } as const;

Deno.test("reconcile says what it does, and explains what it cannot do", async () => {
  const help = await runTool("reconcile.ts", ["--help"]);
  assert.deepEqual([help.code, help.stderr], [0, ""]);
  assert.match(help.stdout, /^Usage: deno task reconcile /);
  assert.deepEqual(help.stdout.split("\n").filter((line) => line.length > 100), []);
  const key = { STRIPE_SECRET_KEY: "rk_test_told_nobody" };
  for (
    const [args, reason, code, env] of [
      [["--everything"], /--everything/, 2, {}],
      [["sub_1"], /^Unexpected argument 'sub_1'/, 2, {}],
      [["--since", "soon"], /^--since is neither a duration/, 2, {}],
      [["--customer", "ada"], /^Not the id of a Stripe customer, cus_…: ada$/m, 2, {}],
      [["--purchase", "evt_1"], /^Not the id of a purchase, .*: evt_1$/m, 2, {}],
      [["--since", "3d", "--customer", "cus_1"], /^Say --since, --customer or --purchase/, 2, {}],
      [["--link", "license"], /^--link is not <license id>=<sub_…>: license$/m, 2, {}],
      [["--force"], /^--force goes with --link/, 2, {}],
      [["--emails", "--remap"], /^--emails goes with --apply and --json alone/, 2, {}],
      [["--emails", "--apply"], /^Say whose address is to change/, 2, {}],
      [["--data-folder", "/nowhere"], /SUPABASE_URL a project's: not both/, 2, {}],
      [[], /^Cannot begin: STRIPE_SECRET_KEY is not set/, 1, {}],
      [["--apply"], /^Cannot --apply: the function rehearses \(RECORD_ONLY\)/, 1, {
        ...key,
        RECORD_ONLY: "true",
      }],
      [[], /^Cannot begin: RENEWAL_GRACE_DAYS/, 1, { ...key, RENEWAL_GRACE_DAYS: "many" }],
    ] as const
  ) {
    const failed = await runTool("reconcile.ts", [...args], { env: { ...project, ...env } });
    assert.match(failed.stderr, reason);
    assert.deepEqual([failed.code, failed.stdout], [code, ""]);
    assert.ok(!failed.stderr.includes("told_nobody"), failed.stderr);
  }
});

Deno.test("--json has one document when it failed, too", async () => {
  const env = { ...project, STRIPE_SECRET_KEY: "rk_test_told_nobody", RECORD_ONLY: "true" };
  const failed = await runTool("reconcile.ts", ["--apply", "--json"], { env });
  assert.equal(failed.code, 1);
  const { ok, error } = JSON.parse(failed.stdout);
  assert.equal(ok, false);
  assert.match(error, /^Cannot --apply: the function rehearses/);
  assert.equal(failed.stderr, `${error}\n`);
  const wrong = await runTool("reconcile.ts", ["--json", "sub_1"], { env });
  assert.equal(wrong.code, 2);
  assert.match(JSON.parse(wrong.stdout).error, /^Unexpected argument 'sub_1'/);
});

Deno.test("nobody who reads on is no failure of its own", async () => {
  const env = { ...project, STRIPE_SECRET_KEY: "rk_test_told_nobody", RECORD_ONLY: "true" };
  for (const args of [["--help"], ["--apply", "--json"]]) {
    assert.deepEqual(await runUnread("reconcile.ts", args, { env }), { code: 141, stderr: "" });
  }
});

Deno.test("the development stack's missing Stripe is told as that", () => {
  const settings = (isProject: boolean) => () => reconcileSettings(project, { isProject });
  assert.throws(settings(true), /^Error: Cannot begin: STRIPE_SECRET_KEY is not set/);
  assert.throws(settings(false), /^Error: Cannot begin: the development stack has no Stripe/);
});

const shop = createStripeShop({ now: ago(1) });
const kept = shop.subscribe({ email: "kept@example.com", name: "Kept", price, startedAt: ago(40) });
const lost = shop.subscribe({ email: "lost@example.com", name: "Lost", price, startedAt: ago(20) });
const ended = shop.subscribe({ email: "end@example.com", name: "End", price, startedAt: ago(10) });
const order = shop.buy({
  email: "once@example.com",
  amount: 100,
  paymentStatus: "paid",
  at: ago(5),
});

reconcileTest("what never arrived is found, put right, and found no more", {
  shops: [shop],
  isDelivered: () => false,
}, async (stage, t) => {
  await stage.deliver(kept.firstInvoicePaid(), ended.firstInvoicePaid());
  const [revived] = stage.usable(ended.id);
  kept.renewalPaid(1);
  lost.firstInvoicePaid();
  order.completed();
  ended.canceled({ at: ago(1) });

  await t.step("a report says what differs, and changes nothing", async () => {
    const before = JSON.stringify(stage.sandbox.licenses());
    const { code, stdout, stderr } = await stage.reconcile();
    assert.deepEqual([code, stderr], [1, ""]);
    assert.match(
      stdout,
      /^Stripe \(test mode\) against Cryptlex against the tables of the project: 4$/m,
    );
    assert.match(stdout, /^12 differences: --apply .*\. Nothing was changed\.$/m);
    // deno-lint-ignore no-control-regex
    assert.doesNotMatch(stdout, /\x1b/);
    assert.deepEqual(stdout.split("\n").filter((line) => line.length > 80), []);
    assert.equal(JSON.stringify(stage.sandbox.licenses()), before);
    const { findings } = await stage.found();
    const of = (id: string) =>
      findings.filter(({ purchase_id, kind }) => purchase_id === id && kind !== "undelivered")
        .map(({ kind }) => kind).sort();
    assert.deepEqual(of(kept.id), ["expiry", "untold"]);
    assert.deepEqual(of(lost.id), ["missing", "untold"]);
    assert.deepEqual(of(ended.id), ["standing", "untold"]);
    assert.deepEqual(of(order.id), ["missing", "untold"]);
    assert.equal(JSON.stringify(stage.sandbox.licenses()), before);
  });

  await t.step("--apply puts it right", async () => {
    const { code, stdout, stderr } = await stage.reconcile("--apply");
    assert.deepEqual([code, stderr], [0, ""]);
    assert.match(stdout, /^12 put right\.$/m);
    for (const [id, many] of [[kept.id, 1], [lost.id, 1], [ended.id, 0], [order.id, 1]] as const) {
      assert.equal(stage.usable(id).length, many, id);
    }
    const [license] = stage.usable(kept.id);
    const grace = 3 * day;
    assert.equal(Date.parse(license?.expiresAt ?? ""), kept.periodEnd(1).getTime() + grace);
    assert.equal(license?.productId, product.id);
    assert.notEqual(license?.id, revived?.id);
  });

  await t.step("a second run finds nothing, and records nothing", async () => {
    const events = () =>
      stage.sql`select event_id, attempts from licensing.stripe_events order by 1`;
    const before = await events();
    const again = await stage.reconcile("--apply");
    assert.deepEqual([again.code, again.stderr], [0, ""]);
    assert.match(again.stdout, /^Nothing to do: all three say the same\.$/m);
    assert.deepEqual([...await events()], [...before]);
  });
});
