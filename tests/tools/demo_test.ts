import assert from "node:assert/strict";
import { runTool } from "./tool_process.ts";

Deno.test("the demo tells its story, shows what is there at its end, and exits with 0", async () => {
  const { code, stdout, stderr } = await runTool("demo.ts");
  assert.equal(code, 0, stdout + stderr);
  for (
    const line of [
      /^ {2}database .* (ms|s)$/m,
      /^ {2}plans .* 2 rows in licensing\.plans/m,
      /^ {3}1\. Ann subscribes .* answered in .* license right in [\d.]+ m?s$/m,
      /^ {3}2\. Stripe sends the same event again .* already right$/m,
      /^ {3}6\. Cleo orders .* no license yet$/m,
      /^ {2}11\. Bob's bank disputes .* suspended in [\d.]+ m?s$/m,
      /^ {2}12\. The dispute is won .* license right in [\d.]+ m?s$/m,
      /^ {2}13\. Cleo gets all her money back .* revoked in [\d.]+ m?s$/m,
      /^ {2}14\. Ann has cancelled, .* revoked in [\d.]+ m?s$/m,
      /^ {2}ann@example\.com +App +1 +revoked +sub_\w+$/m,
      /^ {2}bob@example\.com +App Forever +1 +never expires +pi_\w+$/m,
      /^ {2}cleo@example\.com +App Forever +1 +revoked +pi_\w+$/m,
      /^ {2}dan@example\.com +App +Pro +5 +until \d{4}-\d\d-\d\d +sub_\w+$/m,
      /^ {2}checkout\.session\.async_payment_succeeded +applied +pi_\w+\n {4}license .* created/m,
      /^ {2}charge\.dispute\.created +applied +pi_\w+\n {4}license .* suspended \(dispute du_\w+ is/m,
      /^All of it is as it must be\. \d+\.\d s in all\.\n$/m,
    ]
  ) assert.match(stdout, line);
  const anew = "POST /v3/users, POST /v3/licenses";
  const changed = "GET /v3/licenses/{id}, PATCH /v3/licenses/{id}";
  const renewed = /^ {6}invoice\.paid: (POST \/v3\/licenses\/\{id\}\/renew.*)$/m.exec(stdout);
  assert.deepEqual(
    [...stdout.matchAll(/^ {6}([a-z_.]+): (.+)$/gm)].map(([, type, calls]) => `${type}: ${calls}`),
    [
      `checkout.session.completed: ${anew}`,
      "checkout.session.completed: nothing to ask Cryptlex",
      "invoice.paid: PATCH /v3/licenses/{id}/expires-at",
      `invoice.paid: ${renewed?.[1]}`,
      `checkout.session.completed: ${anew}`,
      "checkout.session.completed: nothing to ask Cryptlex",
      `checkout.session.async_payment_succeeded: ${anew}`,
      `invoice.paid: ${anew}`,
      `customer.subscription.updated: ${changed}`,
      `customer.subscription.updated: ${changed}`,
      `charge.dispute.created: ${changed}`,
      `charge.dispute.closed: ${changed}`,
      `charge.refunded: ${changed}`,
      `customer.subscription.deleted: ${changed}`,
    ],
  );
  assert.ok(!stdout.includes("\x1b"), "colours are for terminals");
  assert.deepEqual(stdout.split("\n").filter((line) => line.length > 100), []);
});

Deno.test("a story that does not come true is told so, with what differs, and exits with 1", async () => {
  const { code, stdout } = await runTool(new URL("demo/untrue_story.ts", import.meta.url));
  assert.equal(code, 1);
  assert.match(stdout, /^ {3}1\. Ann subscribes .* not right$/m);
  assert.match(stdout, /after 1\.: calls to Cryptlex must be 1, were 2/);
  assert.match(stdout, /purchase pi_\w+: there must be one license, there are 0/);
  assert.match(stdout, /of it not as it must be\.$/m);
  assert.match(stdout, /"action":"create_license"/);
});

Deno.test("the demo says what it does and takes no unknown options", async () => {
  const help = await runTool("demo.ts", ["--help"]);
  assert.equal(help.code, 0);
  assert.match(help.stdout, /^Usage: deno task demo\n/);
  const wrong = await runTool("demo.ts", ["--fast"]);
  assert.equal(wrong.code, 2);
  assert.match(wrong.stderr, /--fast/);
  const stray = await runTool("demo.ts", ["fast"]);
  assert.equal(stray.code, 2);
  assert.match(stray.stderr, /Unexpected argument 'fast'/);
});
