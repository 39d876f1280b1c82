import assert from "node:assert/strict";
import { createCryptlexSandbox } from "../../tools/cryptlex_sandbox/sandbox.ts";
import { serveCryptlexSandbox } from "../../tools/cryptlex_sandbox/serve.ts";
import { app, sampleAccount } from "../../tools/sample_account.ts";
import { eventually } from "../eventually.ts";
import { answers, type DevProcess, startDev } from "./dev_process.ts";
import { runTool, type ToolOptions } from "./tool_process.ts";

const functionFile = new URL("../../functions/stripe-cryptlex/index.ts", import.meta.url);

async function withDataFolder(run: (folder: string) => Promise<void>): Promise<void> {
  const folder = await Deno.makeTempDir({ prefix: "dev-" });
  try {
    await run(folder);
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
}

type DevOptions = ToolOptions & { args?: string[]; signal?: Deno.Signal };

/** Starts it, and ends it by the signal: with exit code 0, and nothing of it answers any more. */
async function withDev(
  folder: string,
  { args = [], signal = "SIGINT", ...options }: DevOptions,
  run: (dev: DevProcess) => Promise<void>,
): Promise<void> {
  const dev = await startDev(folder, args, options);
  try {
    await run(dev);
  } finally {
    assert.equal(await dev.end(signal), 0, dev.output());
  }
  const urls = [dev.webhookUrl, dev.tableViewerUrl, dev.cryptlex].filter((url) =>
    URL.canParse(url)
  );
  for (const url of urls) assert.ok(!await answers(url), `${url} still answers`);
}

function touch(): Promise<void> {
  const now = new Date();
  return Deno.utime(functionFile, now, now);
}

async function inSandbox(dev: DevProcess): Promise<unknown[]> {
  const headers = { authorization: `Bearer ${sampleAccount.accessToken}` };
  return await (await fetch(`${dev.cryptlex}/v3/licenses`, { headers })).json();
}

Deno.test("development runs, follows your changes, keeps its data and forgets it when told", async (t) => {
  await withDataFolder(async (folder) => {
    let secret = "";
    await withDev(folder, { signal: "SIGINT" }, async (dev) => {
      await t.step("it says how to use it", () => {
        secret = dev.signingSecret;
        assert.match(secret, /^whsec_\w{32}$/);
        assert.ok(dev.output().includes(`stripe listen --forward-to ${dev.webhookUrl}\n`));
        assert.match(dev.output(), /"deno task send sale" sends a sample event/);
      });

      await t.step("it takes a sale", async () => {
        await dev.send("sale");
        await eventually(async () => (await dev.rows("licenses")).length === 1);
        await eventually(async () => (await dev.rows("stripe_events"))[0]?.status === "applied");
        assert.equal((await inSandbox(dev)).length, 1);
      });

      await t.step("nobody else gets its folder or its port", async () => {
        const args = ["--port", "0", "--data-folder", folder, "--fresh"];
        const second = await runTool("dev.ts", args);
        assert.equal(second.code, 1);
        assert.match(second.stderr, /uses it: stop that one first/);
        assert.equal((await dev.rows("licenses")).length, 1);

        const { port } = new URL(dev.webhookUrl);
        const taken = await runTool("dev.ts", ["--port", port, "--data-folder", folder]);
        assert.equal(taken.code, 1);
        assert.equal(taken.stderr, `Port ${port} is taken\n`);
      });

      await t.step("a changed file starts the function again, where it was", async () => {
        await touch();
        await dev.printed(/functions\/ changed: starting it again\n(.*\n)*.*It runs again after/);
        await dev.send("first-invoice");
        await eventually(async () =>
          (await dev.rows("stripe_events")).every(({ status }) => status === "applied")
        );
      });
    });

    await t.step("stopped, there is nothing to send to", async () => {
      const sent = await runTool("send.ts", ["sale", "--data-folder", folder]);
      assert.equal(sent.code, 1);
      assert.match(sent.stderr, /No development stack runs on .*"deno task dev"/);
    });

    await t.step("started again, all of it is there, under the same secret", async () => {
      await withDev(folder, { signal: "SIGTERM" }, async (dev) => {
        assert.equal(dev.signingSecret, secret);
        assert.equal((await inSandbox(dev)).length, 1);
        await dev.send("renewal");
        await eventually(async () =>
          (await dev.rows("license_actions")).some(({ action }) => action === "renew_license")
        );
        assert.equal((await dev.rows("licenses")).length, 1);
      });
    });

    await t.step("started afresh, nothing is there but the secret", async () => {
      await withDev(folder, { args: ["--fresh"] }, async (dev) => {
        assert.equal(dev.signingSecret, secret);
        assert.deepEqual(await dev.rows("licenses"), []);
        assert.deepEqual(await dev.rows("stripe_events"), []);
        assert.deepEqual(await inSandbox(dev), []);
        const follower = await runTool("send.ts", ["renewal", "--data-folder", folder]);
        assert.equal(follower.code, 1);
        assert.match(follower.stderr, /first send sale/);
      });
    });
  });
});

Deno.test("a function that does not start shows why and waits for a change", async () => {
  await withDataFolder(async (folder) => {
    await withDev(folder, { env: { RENEWAL_GRACE_DAYS: "many" } }, async (dev) => {
      await dev.printed(/RENEWAL_GRACE_DAYS is not a whole number/);
      await dev.printed(/Waiting for a change in functions\//);
      const sent = await runTool("send.ts", ["sale", "--data-folder", folder]);
      assert.equal(sent.code, 1);
      assert.match(sent.stderr, /Nothing answers at http/);
      await touch();
      await dev.printed(/(Waiting for a change[^]+){2}/);
    });
  });
});

Deno.test("settings in the environment go to the function: your Cryptlex, your signing secret", async () => {
  const cryptlex = createCryptlexSandbox({ ...sampleAccount, accessToken: "yours" });
  const served = await serveCryptlexSandbox(cryptlex);
  await withDataFolder(async (folder) => {
    const env = {
      CRYPTLEX_ACCESS_TOKEN: "yours",
      CRYPTLEX_WEB_API_BASE_URL: served.url,
      CRYPTLEX_PRODUCT_ID: app.id,
      STRIPE_WEBHOOK_SECRET: "whsec_of_stripe_listen, whsec_older",
    };
    await withDev(folder, { env }, async (dev) => {
      assert.equal(dev.signingSecret, "whsec_of_stripe_listen");
      assert.match(dev.cryptlex, /^the real one/);
      await dev.send("sale", "--email", "ann@example.com");
      await eventually(() => Promise.resolve(cryptlex.licenses().length === 1));
      assert.deepEqual(cryptlex.users().map(({ email }) => email), ["ann@example.com"]);
    });
  });
  await served.shutdown();
});

Deno.test("what waits is worked off without being sent again, for the product you name", async () => {
  await withDataFolder(async (folder) => {
    const env = { CRYPTLEX_PRODUCT_ID: "product-yours" };
    await withDev(folder, { env: { ...env, RECORD_ONLY: "true" } }, async (dev) => {
      await dev.send("sale");
      await eventually(async () => (await dev.rows("stripe_events"))[0]?.held === true);
    });
    await withDev(folder, { env }, async (dev) => {
      await dev.printed(/Worked off what was due: .*"settled":1/);
      const products = (await dev.rows("licenses")).map((row) => row.cryptlex_product_id);
      assert.deepEqual(products, ["product-yours"]);
    });
  });
});

Deno.test("development says what it takes, and takes nothing else", async () => {
  const help = await runTool("dev.ts", ["--help"]);
  assert.equal(help.code, 0);
  for (const option of ["--port", "--data-folder", "--fresh"]) {
    assert.ok(help.stdout.includes(option));
  }
  const wrong = await runTool("dev.ts", ["--port", "many"]);
  assert.equal(wrong.code, 2);
  assert.match(wrong.stderr, /--port is not a whole number/);
});
