import assert from "node:assert/strict";
import { startFunction } from "../../../tools/local_stack/function_process.ts";
import { createFolder } from "./sample_migrations.ts";

/** Starts after a moment, tells its environment, ends when asked to, and heeds SIGTERM if told. */
const SCRIPT = `
  console.log("starting");
  console.error("to standard error");
  let health = 0;
  if (Deno.env.get("STUBBORN")) Deno.addSignalListener("SIGTERM", () => console.log("no"));
  if (Deno.env.get("BROKEN")) throw new Error("a setting is missing");
  Deno.serve({ port: Number(Deno.env.get("PORT")), hostname: "127.0.0.1", onListen() {} }, (request) => {
    const { pathname } = new URL(request.url);
    if (pathname === "/stripe-cryptlex/health") {
      return new Response(null, { status: ++health > 2 ? 200 : 503 });
    }
    if (pathname === "/environment") return Response.json(Deno.env.toObject());
    Deno.exit(3);
  });`;

async function withScript(run: (entrypoint: URL) => Promise<void>): Promise<void> {
  const folder = await createFolder({ "index.ts": SCRIPT });
  await run(new URL("index.ts", folder.url));
  await folder.remove();
}

async function answers(url: string): Promise<boolean> {
  return await fetch(url).then((response) => response.body?.cancel()).then(() => true, () => false);
}

Deno.test("the function has its own environment and none of ours", async () => {
  await withScript(async (entrypoint) => {
    Deno.env.set("OF_THE_TEST", "1");
    const lines: string[] = [];
    const process = await startFunction({
      env: { STRIPE_WEBHOOK_SECRET: "whsec_1" },
      entrypoint,
      onLine: (line) => lines.push(line),
    });
    const environment = await (await fetch(`${process.url}/environment`)).json();
    assert.equal(environment.STRIPE_WEBHOOK_SECRET, "whsec_1");
    assert.equal(environment.PORT, new URL(process.url).port);
    assert.equal(environment.HOME, Deno.env.get("HOME"));
    assert.equal(environment.OF_THE_TEST, undefined);
    await process.stop();
    Deno.env.delete("OF_THE_TEST");
    assert.deepEqual(lines.sort(), ["starting", "to standard error"]);
    assert.deepEqual(process.output().trim().split("\n").sort(), lines);
    assert.equal(await answers(process.url), false);
  });
});

Deno.test("a killed function is gone, and its port can be used again", async () => {
  await withScript(async (entrypoint) => {
    const first = await startFunction({ env: {}, entrypoint });
    assert.equal(await first.kill(), 137);
    assert.equal(await answers(first.url), false);
    await first.stop();
    const second = await startFunction({
      env: {},
      entrypoint,
      port: Number(new URL(first.url).port),
    });
    assert.equal(second.url, first.url);
    assert.notEqual(second.pid, first.pid);
    await second.stop();
  });
});

Deno.test("a function that heeds no SIGTERM is stopped all the same", async () => {
  await withScript(async (entrypoint) => {
    const process = await startFunction({ env: { STUBBORN: "1" }, entrypoint });
    await process.stop();
    assert.match(process.output(), /no\n/);
    assert.equal(await answers(process.url), false);
  });
});

Deno.test("a function that ends at its start is reported with what it printed", async () => {
  await withScript(async (entrypoint) => {
    await assert.rejects(
      startFunction({ env: { BROKEN: "1" }, entrypoint }),
      /ended at once:[^]*starting[^]*a setting is missing/,
    );
  });
});

Deno.test("the function may use the network and its environment, and no files", async () => {
  const folder = await createFolder({ "index.ts": `await Deno.readTextFile("/etc/passwd");` });
  const entrypoint = new URL("index.ts", folder.url);
  await assert.rejects(startFunction({ env: {}, entrypoint }), /Requires read access/);
  await folder.remove();
});
