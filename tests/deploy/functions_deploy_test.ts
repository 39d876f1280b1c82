import assert from "node:assert/strict";
import { startFunction } from "../../tools/local_stack/function_process.ts";
import { createCheckout } from "./checkout.ts";
import { deployFunction, type Deployment, FUNCTION_FOLDER } from "./deploy_function.ts";
import { serveManagementApi } from "./management_api.ts";
import { runSupabase } from "./supabase_cli.ts";

/** Enough to start; no call is made with them. */
const SETTINGS = {
  STRIPE_WEBHOOK_SECRET: "whsec_none",
  CRYPTLEX_ACCESS_TOKEN: "none",
  SUPABASE_URL: "http://127.0.0.1:1",
  SUPABASE_SECRET_KEYS: '{"default":"sb_secret_none"}',
};

let plain: Promise<Deployment> | undefined;
/** Without flags, once for all tests. */
const deployedPlainly = () => plain ??= deployFunction();

for (const flags of [[], ["--use-api"]]) {
  const command = ["functions deploy", ...flags].join(" ");
  Deno.test(`${command} uploads the function's own files, all of them and no other`, async () => {
    const { uploads, ownFiles } =
      await (flags.length === 0 ? deployedPlainly() : deployFunction(flags));
    assert.deepEqual(uploads.map(({ slug }) => slug), ["stripe-cryptlex"]);
    assert.deepEqual(uploads.flatMap(({ files }) => [...files.keys()]).sort(), ownFiles);
    assert.deepEqual(uploads.map(({ metadata }) => metadata), [{
      name: "stripe-cryptlex",
      verify_jwt: false,
      entrypoint_path: `${FUNCTION_FOLDER}/index.ts`,
      import_map_path: `${FUNCTION_FOLDER}/deno.json`,
      static_patterns: [],
    }]);
  });
}

Deno.test("what is uploaded type-checks, starts and answers, with nothing else around", async () => {
  await withUploaded(async (folder) => {
    const { success, stderr } = await new Deno.Command(Deno.execPath(), {
      args: ["check", "--no-lock", "--config=deno.json", "index.ts"],
      cwd: folder,
      env: { NO_COLOR: "1" },
    }).output();
    assert.ok(success, new TextDecoder().decode(stderr));

    const running = await startFunction({ env: SETTINGS, entrypoint: entrypointOf(folder) });
    try {
      const response = await fetch(`${running.url}/stripe-cryptlex/health`);
      assert.equal(response.status, 200);
      assert.deepEqual(await response.json(), { status: "ok" });
    } finally {
      await running.stop();
    }
  });
});

Deno.test("what is uploaded does not start without settings, and names each it misses", async () => {
  await withUploaded(async (folder) => {
    await assert.rejects(
      startFunction({ env: {}, entrypoint: entrypointOf(folder) }),
      ({ message }: Error) => {
        const missing = [...message.matchAll(/(\w+) is not set/g)].map(([, name]) => name);
        assert.deepEqual([...new Set(missing)].sort(), Object.keys(SETTINGS).sort(), message);
        return true;
      },
    );
  });
});

Deno.test("secrets set sends the settings of a file, but for those the platform gives", async () => {
  const checkout = await createCheckout();
  const api = serveManagementApi();
  try {
    const lines = Object.entries(SETTINGS).map(([name, value]) => `${name}='${value}'\n`);
    await Deno.writeTextFile(`${checkout.path}/.env`, lines.join(""));
    const options = { cwd: checkout.path, api };
    await runSupabase(["link", api.projectRef], options);
    await runSupabase(["secrets", "set", "--env-file", ".env", "--yes"], options);
    assert.deepEqual(api.secrets, [[
      { name: "STRIPE_WEBHOOK_SECRET", value: "whsec_none" },
      { name: "CRYPTLEX_ACCESS_TOKEN", value: "none" },
    ]]);
  } finally {
    await api.shutdown();
    await checkout.remove();
  }
});

/** Writes what a deploy uploads to an empty folder, and hands on the function's folder in it. */
async function withUploaded(use: (folder: string) => Promise<void>): Promise<void> {
  const { uploads: [upload] } = await deployedPlainly();
  assert.ok(upload);
  const root = await Deno.makeTempDir({ prefix: "uploaded-" });
  try {
    for (const [path, text] of upload.files) {
      await Deno.mkdir(`${root}/${path}`.replace(/\/[^/]*$/, ""), { recursive: true });
      await Deno.writeTextFile(`${root}/${path}`, text);
    }
    await use(`${root}/${FUNCTION_FOLDER}`);
  } finally {
    await Deno.remove(root, { recursive: true });
  }
}

function entrypointOf(folder: string): URL {
  return new URL(`file://${folder}/index.ts`);
}
