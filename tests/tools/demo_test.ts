import assert from "node:assert/strict";
import { runTool } from "./tool_process.ts";

Deno.test("the demo tells its story, shows what is there at its end, and exits with 0", async () => {
  const { code, stdout, stderr } = await runTool("demo.ts");
  assert.equal(code, 0, stdout + stderr);
  for (
    const line of [
      /^ {2}database .* (ms|s)$/m,
      /^ {2}1\. Ann subscribes .* answered in .* license right in \d+ ms$/m,
      /^ {5}checkout\.session\.completed: POST \/v3\/users, POST \/v3\/licenses$/m,
      /^ {2}2\. Stripe sends the same event again .* already right$/m,
      /^ {5}invoice\.paid: POST \/v3\/licenses\/\{id\}\/renew/m,
      /^ {2}6\. Cleo orders .* no license yet$/m,
      /^ {2}ann@example\.com +App +until \d{4}-\d\d-\d\d +sub_\w+$/m,
      /^ {2}cleo@example\.com +App Forever +never expires +pi_\w+$/m,
      /^ {2}checkout\.session\.async_payment_succeeded +applied +pi_\w+\n {4}license .* created/m,
      /^All of it is as it must be\. \d+\.\d s in all\.\n$/m,
    ]
  ) assert.match(stdout, line);
  assert.ok(!stdout.includes("\x1b"), "colours are for terminals");
  assert.deepEqual(stdout.split("\n").filter((line) => line.length > 100), []);
});

Deno.test("a story that does not come true is told so, with what differs, and exits with 1", async () => {
  const { code, stdout } = await runTool(new URL("demo/untrue_story.ts", import.meta.url));
  assert.equal(code, 1);
  assert.match(stdout, /^ {2}1\. Ann subscribes .* not right$/m);
  assert.match(stdout, /after 1\.: calls to Cryptlex must be 1 at most, were 2/);
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
