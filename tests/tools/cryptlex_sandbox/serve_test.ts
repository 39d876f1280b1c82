// The loopback server: the same answers over a socket, many of them, and a clean end.

import assert from "node:assert/strict";
import { serveCryptlexSandbox } from "../../../tools/cryptlex_sandbox/serve.ts";
import { eventually } from "../../eventually.ts";
import { createSandboxClient, HEADERS, IDS, userBody } from "./sandbox_client.ts";

/** Runs `check` with a served sandbox. */
async function served(
  check: (url: string, client: ReturnType<typeof createSandboxClient>) => Promise<void>,
) {
  const client = createSandboxClient();
  const server = await serveCryptlexSandbox(client.sandbox);
  try {
    await check(server.url, client);
  } finally {
    await server.shutdown();
  }
}

Deno.test("the server answers as the fetch does, whatever the alphabet", () =>
  served(async (url, { send, sandbox }) => {
    assert.match(url, /^http:\/\/127\.0\.0\.1:\d+$/);
    const body = JSON.stringify(userBody({ firstName: "Zoë 🎹" }));
    const made = await fetch(`${url}/v3/users`, { method: "POST", headers: HEADERS, body });
    assert.equal(made.status, 201);
    assert.equal(made.headers.get("X-Rate-Limit-Remaining"), "50");
    const user = await made.json();
    assert.equal(user.firstName, "Zoë 🎹");
    const query = "/v3/users?email[eq]=jane@example.com";
    const over = await fetch(url + query, { headers: HEADERS });
    assert.deepEqual(await over.json(), (await send("GET", query)).body);
    const gone = await fetch(`${url}/v3/users/${user.id}`, { method: "DELETE", headers: HEADERS });
    assert.deepEqual([gone.status, await gone.text()], [204, ""]);
    assert.deepEqual(sandbox.users(), []);
  }));

Deno.test("a burst of two thousand creations makes two thousand licences", () =>
  served(async (url, { sandbox }) => {
    const metadata = [{ key: "note", value: "n".repeat(2000) }];
    const body = JSON.stringify({ productId: IDS.product, metadata });
    let left = 2000;
    const work = async () => {
      while (left-- > 0) {
        const init = { method: "POST", headers: HEADERS, body };
        const response = await fetch(`${url}/v3/licenses`, init);
        assert.equal(response.status, 201);
        await response.body?.cancel();
      }
    };
    await Promise.all(Array.from({ length: 50 }, work));
    assert.equal(sandbox.licenses().length, 2000);
  }));

Deno.test("a body larger than the reader's first buffer arrives whole", () =>
  served(async (url) => {
    const metadata = Array.from(
      { length: 50 },
      (_, n) => ({ key: `k${n}`, value: "ü".repeat(4096) }),
    );
    const body = JSON.stringify({ productId: IDS.product, metadata });
    const init = { method: "POST", headers: HEADERS, body };
    const license = await (await fetch(`${url}/v3/licenses`, init)).json();
    assert.equal(license.metadata[49].value, "ü".repeat(4096));
  }));

Deno.test("a streamed body, sent in chunks, arrives whole", () =>
  served(async (url) => {
    const metadata = [{ key: "k", value: "ü".repeat(4096) }];
    const bytes = new TextEncoder().encode(JSON.stringify({ productId: IDS.product, metadata }));
    const inTheFirstLetter = bytes.indexOf(0xc3) + 1;
    const body = ReadableStream.from([
      bytes.slice(0, inTheFirstLetter),
      bytes.slice(inTheFirstLetter),
    ]);
    const init = { method: "POST", headers: HEADERS, body };
    const license = await (await fetch(`${url}/v3/licenses`, init)).json();
    assert.equal(license.metadata[0].value, "ü".repeat(4096));
  }));

Deno.test("without keep-alive a client sees every cut, also after an answer", async () => {
  const { sandbox } = createSandboxClient();
  const server = await serveCryptlexSandbox(sandbox, { keepAlive: false });
  await (await fetch(`${server.url}/v3/status`)).body?.cancel();
  sandbox.fault({ kind: "lost_after" });
  const init = { method: "POST", headers: HEADERS, body: JSON.stringify(userBody()) };
  await assert.rejects(fetch(`${server.url}/v3/users`, init), TypeError);
  assert.equal(sandbox.users().length, 1);
  assert.equal(sandbox.calls().length, 2);
  await server.shutdown();
});

Deno.test("what is no HTTP request ends its connection and no other", () =>
  served(async (url) => {
    const port = Number(new URL(url).port);
    const chunked = "GET / HTTP/1.1\r\ntransfer-encoding: chunked\r\n\r\nsoon\r\n";
    const lines = ["not http\r\n\r\n", "GET / HTTP/1.1\r\nno colon\r\n\r\n", chunked];
    for (const line of lines) {
      const connection = await Deno.connect({ hostname: "127.0.0.1", port });
      await connection.write(new TextEncoder().encode(line));
      assert.equal(await connection.read(new Uint8Array(1)), null);
      connection.close();
    }
    const response = await fetch(`${url}/v3/status`);
    assert.deepEqual([response.status, await response.text()], [200, "{}"]);
  }));

Deno.test("two requests in one packet are answered in order", () =>
  served(async (url) => {
    const connection = await Deno.connect({
      hostname: "127.0.0.1",
      port: Number(new URL(url).port),
    });
    const first = "GET /v3/status HTTP/1.1\r\nhost: x\r\n\r\n";
    const second = "GET /v3/nowhere HTTP/1.1\r\nhost: x\r\nconnection: close\r\n\r\n";
    await connection.write(new TextEncoder().encode(first + second));
    const text = await new Response(connection.readable).text();
    assert.deepEqual(text.match(/HTTP\/1\.1 \d+/g), ["HTTP/1.1 200", "HTTP/1.1 404"]);
  }));

Deno.test("a taken port is refused, a given port is used", async () => {
  const { sandbox } = createSandboxClient();
  const first = await serveCryptlexSandbox(sandbox);
  const port = Number(new URL(first.url).port);
  await assert.rejects(serveCryptlexSandbox(sandbox, { port }), Deno.errors.AddrInUse);
  await first.shutdown();
  const second = await serveCryptlexSandbox(sandbox, { port });
  assert.equal(second.url, first.url);
  await second.shutdown();
});

Deno.test("shutting down ends what hangs", async () => {
  const { sandbox } = createSandboxClient();
  const server = await serveCryptlexSandbox(sandbox);
  sandbox.fault({ kind: "hang" });
  const refused = assert.rejects(fetch(`${server.url}/v3/status`), TypeError);
  await eventually(() => sandbox.calls().length > 0);
  await server.shutdown();
  await refused;
  await assert.rejects(fetch(`${server.url}/v3/status`), TypeError);
});
