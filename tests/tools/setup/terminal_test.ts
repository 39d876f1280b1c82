// Set-up at a terminal, which `script` of util-linux gives it.

import assert from "node:assert/strict";
import { startHosted } from "./hosted.ts";

const hasScript = await new Deno.Command("script", { args: ["--version"] }).output()
  .then(({ success, stdout }) => success && /util-linux/.test(new TextDecoder().decode(stdout)))
  .catch(() => false);

Deno.test({
  name: "at a terminal what is missing is asked for, secrets hidden, and changes are confirmed",
  ignore: !hasScript,
  sanitizeResources: false,
  sanitizeOps: false,
  async fn() {
    const hosted = await startHosted();
    try {
      const {
        SUPABASE_PROJECT_REF: ref = "",
        STRIPE_SETUP_KEY: key = "",
        CRYPTLEX_ACCESS_TOKEN: token = "",
        CRYPTLEX_PRODUCT_ID: product = "",
        NO_COLOR: _plain,
        ...env
      } = hosted.env;
      const tool = `${hosted.checkout.path}/tools/setup.ts`;
      const child = new Deno.Command("script", {
        args: ["-qec", `${Deno.execPath()} run -A ${tool}`, "/dev/null"],
        env,
        stdin: "piped",
        stdout: "piped",
      }).spawn();
      const keyboard = child.stdin.getWriter();
      const screen = child.stdout.pipeThrough(new TextDecoderStream()).getReader();
      let shown = "";
      const see = async (pattern: RegExp) => {
        while (!pattern.test(shown)) {
          const { value, done } = await screen.read();
          assert.ok(!done, `It ended without ${pattern}: ${shown}`);
          shown += value;
        }
        const seen = shown;
        shown = "";
        return seen;
      };
      const type = (text: string) => keyboard.write(new TextEncoder().encode(`${text}\r`));
      const all: string[] = [];
      for (
        const [question, answer] of [
          [/Supabase project \(/, "mine"],
          [/it is no project's ref/, `\x7f\x7f\x7f\x7f${ref}`],
          [/Stripe key \(/, key],
          [/Cryptlex access token \(/, token],
          [/Cryptlex product id \(/, product],
          [/Make these changes\?/, "n"],
        ] as const
      ) {
        all.push(await see(question));
        await type(answer);
      }
      all.push(await see(/Stopped: nothing was changed/));
      await keyboard.close();
      await screen.cancel();
      assert.equal((await child.status).code, 1);
      const told = all.join("");
      assert.match(told, /To change in project/);
      for (const secret of [key, token]) assert.ok(!told.includes(secret), "a secret shows");
      assert.ok(told.includes("\x1b["), "colours on a terminal");
      assert.deepEqual(hosted.endpoints.all(), []);
      assert.deepEqual(hosted.api.requests.filter((asked) => !asked.startsWith("GET")), []);
    } finally {
      await hosted.stop();
    }
  },
});
