// Set-up at a terminal, which `script` of util-linux gives it.

import assert from "node:assert/strict";
import { type Hosted, startHosted } from "./hosted.ts";

const hasScript = await new Deno.Command("script", { args: ["--version"] }).output()
  .then(({ success, stdout }) => success && /util-linux/.test(new TextDecoder().decode(stdout)))
  .catch(() => false);

type Terminal = {
  /** What it showed since it was last looked at, once that matches. */
  see(pattern: RegExp): Promise<string>;
  /** Types it, and Enter. */
  type(text: string): Promise<void>;
  /** Closes it, and resolves to the exit code. */
  leave(): Promise<number>;
};

/** Runs it in the checkout. */
function openTerminal(
  { checkout }: Hosted,
  env: Record<string, string>,
  args: string[] = [],
): Terminal {
  const tool = `${checkout.path}/tools/setup.ts`;
  const child = new Deno.Command("script", {
    args: ["-qec", [Deno.execPath(), "run", "-A", tool, ...args].join(" "), "/dev/null"],
    env,
    stdin: "piped",
    stdout: "piped",
  }).spawn();
  const keyboard = child.stdin.getWriter();
  const screen = child.stdout.pipeThrough(new TextDecoderStream()).getReader();
  let shown = "";
  return {
    async see(pattern) {
      while (!pattern.test(shown)) {
        const { value, done } = await screen.read();
        assert.ok(!done, `It ended without ${pattern}: ${shown}`);
        shown += value;
      }
      const seen = shown;
      shown = "";
      return seen;
    },
    type: (text) => keyboard.write(new TextEncoder().encode(`${text}\r`)),
    async leave() {
      await keyboard.close();
      await screen.cancel();
      return (await child.status).code;
    },
  };
}

function terminalTest(name: string, steps: (hosted: Hosted) => Promise<void>): void {
  Deno.test({
    name,
    ignore: !hasScript,
    // The database server outlives its first test.
    sanitizeResources: false,
    sanitizeOps: false,
    async fn() {
      const hosted = await startHosted();
      try {
        await steps(hosted);
      } finally {
        await hosted.stop();
      }
    },
  });
}

terminalTest(
  "at a terminal what is missing is asked for, secrets hidden, and changes are confirmed",
  async (hosted) => {
    const {
      SUPABASE_PROJECT_REF: ref = "",
      STRIPE_SETUP_KEY: key = "",
      CRYPTLEX_ACCESS_TOKEN: token = "",
      CRYPTLEX_PRODUCT_ID: product = "",
      NO_COLOR: _plain,
      ...env
    } = hosted.env;
    const { see, type, leave } = openTerminal(hosted, env);
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
    assert.equal(await leave(), 1);
    const told = all.join("");
    assert.match(told, /To change in project/);
    for (const secret of [key, token]) assert.ok(!told.includes(secret), "a secret shows");
    assert.ok(told.includes("\x1b["), "colours on a terminal");
    assert.deepEqual(hosted.endpoints.all(), []);
    assert.deepEqual(hosted.api.requests.filter((asked) => !asked.startsWith("GET")), []);
  },
);

terminalTest("at a terminal what takes long is named while it lasts", async (hosted) => {
  const { NO_COLOR: _plain, ...env } = hosted.env;
  const link = "GET /v1/projects/{ref}";
  hosted.api.breakDown(link, "hang");
  const { see, leave } = openTerminal(hosted, env, ["--dry-run"]);
  await see(/Supabase project \[-+\] 0 of 1/);
  hosted.api.breakDown(null);
  // Whether the CLI had asked by then is the machine's affair.
  await see(/It is down|Would change in project/);
  await leave();
});
