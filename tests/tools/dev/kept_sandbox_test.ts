import assert from "node:assert/strict";
import { openKeptSandbox } from "../../../tools/dev/kept_sandbox.ts";
import { app, sampleAccount, sandboxAccessToken } from "../../../tools/sample_account.ts";

const headers = {
  "authorization": `Bearer ${sandboxAccessToken}`,
  "content-type": "application/json",
};

async function withFile(run: (file: string) => Promise<void>): Promise<void> {
  const folder = await Deno.makeTempDir({ prefix: "sandbox-" });
  try {
    await run(`${folder}/cryptlex_sandbox.json`);
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
}

Deno.test("what was answered is there after the next start, without an orderly end", async () => {
  await withFile(async (file) => {
    const first = await openKeptSandbox(file, sampleAccount);
    await Promise.all(
      Array.from({ length: 10 }, async () => {
        const body = JSON.stringify({ productId: app.id });
        const request = { method: "POST", headers, body };
        const response = await first.fetch("http://cryptlex/v3/licenses", request);
        assert.equal(response.status, 201, await response.text());
      }),
    );
    const second = await openKeptSandbox(file, sampleAccount);
    assert.deepEqual(second.licenses(), first.licenses());
    assert.equal(second.licenses().length, 10);
  });
});

Deno.test("reading writes nothing, and no list of calls grows", async () => {
  await withFile(async (file) => {
    const sandbox = await openKeptSandbox(file, sampleAccount);
    const response = await sandbox.fetch("http://cryptlex/v3/licenses", { headers });
    assert.equal(response.status, 200);
    await assert.rejects(Deno.stat(file), Deno.errors.NotFound);
    assert.equal(sandbox.calls().length, 0);
  });
});

Deno.test("a file of something else is refused, with the cure", async () => {
  await withFile(async (file) => {
    await Deno.writeTextFile(file, "{");
    await assert.rejects(openKeptSandbox(file, sampleAccount), /delete it, or start with --fresh/);
  });
});
