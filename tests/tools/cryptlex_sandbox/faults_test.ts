// Every fault, in the process and over a socket: what the caller sees and what was written.

import assert from "node:assert/strict";
import type { CryptlexSandbox, Fault } from "../../../tools/cryptlex_sandbox/sandbox.ts";
import { serveCryptlexSandbox } from "../../../tools/cryptlex_sandbox/serve.ts";
import { eventually } from "../../eventually.ts";
import { createSandboxClient, HEADERS, userBody } from "./sandbox_client.ts";

type Fetch = (path: string, init: RequestInit) => Promise<Response>;
type Check = (sandbox: CryptlexSandbox, ask: Fetch) => Promise<void>;

/** Runs `check` against a sandbox's fetch, and against a sandbox behind a socket. */
function onBothTransports(name: string, check: Check) {
  Deno.test(`${name}, as a fetch`, async () => {
    const { sandbox } = createSandboxClient();
    await check(sandbox, (path, init) => sandbox.fetch(`https://api.cryptlex.com${path}`, init));
  });
  Deno.test(`${name}, over a socket`, async () => {
    const { sandbox } = createSandboxClient();
    const server = await serveCryptlexSandbox(sandbox);
    try {
      await check(sandbox, (path, init) => fetch(server.url + path, init));
    } finally {
      await server.shutdown();
    }
  });
}

const createUser = (ask: Fetch, init: RequestInit = {}) =>
  ask("/v3/users", {
    method: "POST",
    headers: HEADERS,
    body: JSON.stringify(userBody()),
    ...init,
  });

/** Once the sandbox has seen a call. */
async function called(sandbox: CryptlexSandbox) {
  await eventually(() => sandbox.calls().length > 0);
}

async function assertUsers(sandbox: CryptlexSandbox, ask: Fetch, count: number) {
  assert.equal(sandbox.users().length, count);
  // The next call is served as if nothing had been.
  const response = await ask("/v3/users", { headers: HEADERS });
  assert.equal((await response.json()).length, count);
}

onBothTransports("a status before the write writes nothing", async (sandbox, ask) => {
  sandbox.fault({ kind: "status_before", status: 503, retryAfterSeconds: 7 });
  const response = await createUser(ask);
  assert.equal(response.status, 503);
  assert.equal(response.headers.get("Retry-After"), "7");
  assert.equal(typeof (await response.json()).message, "string");
  assert.deepEqual(sandbox.calls().map(({ status, wrote }) => [status, wrote]), [[503, false]]);
  await assertUsers(sandbox, ask, 0);
});

onBothTransports("a status after the write has written", async (sandbox, ask) => {
  sandbox.fault({ kind: "status_after" });
  const response = await createUser(ask);
  assert.equal(response.status, 500);
  assert.equal(response.headers.get("Retry-After"), null);
  await response.body?.cancel();
  assert.deepEqual(sandbox.calls().map(({ status, wrote }) => [status, wrote]), [[500, true]]);
  await assertUsers(sandbox, ask, 1);
});

onBothTransports("a plain 429 is text and writes nothing", async (sandbox, ask) => {
  sandbox.fault({ kind: "plain_429", retryAfterSeconds: 2 });
  const response = await createUser(ask);
  assert.equal(response.status, 429);
  assert.equal(response.headers.get("content-type"), "text/plain");
  assert.equal(response.headers.get("Retry-After"), "2");
  assert.match(await response.text(), /^API calls quota exceeded/);
  await assertUsers(sandbox, ask, 0);
});

onBothTransports("a hanging request ends when the caller gives up", async (sandbox, ask) => {
  sandbox.fault({ kind: "hang" });
  const controller = new AbortController();
  const pending = createUser(ask, { signal: controller.signal });
  const refused = assert.rejects(pending, { message: "enough" });
  await called(sandbox);
  controller.abort(new Error("enough"));
  await refused;
  assert.deepEqual(sandbox.calls().map(({ status, wrote }) => [status, wrote]), [[null, false]]);
  await assertUsers(sandbox, ask, 0);
});

onBothTransports("a connection lost before the write writes nothing", async (sandbox, ask) => {
  sandbox.fault({ kind: "lost_before" });
  await assert.rejects(createUser(ask), TypeError);
  assert.deepEqual(sandbox.calls().map(({ status, wrote }) => [status, wrote]), [[null, false]]);
  await assertUsers(sandbox, ask, 0);
});

onBothTransports("a connection lost after the write has written", async (sandbox, ask) => {
  sandbox.fault({ kind: "lost_after" });
  await assert.rejects(createUser(ask), TypeError);
  assert.deepEqual(sandbox.calls().map(({ status, wrote }) => [status, wrote]), [[null, true]]);
  await assertUsers(sandbox, ask, 1);
});

onBothTransports("a late write lands after the connection is lost", async (sandbox, ask) => {
  sandbox.fault({ kind: "late_write", lateMs: Infinity });
  await assert.rejects(createUser(ask), TypeError);
  assert.deepEqual(sandbox.users(), []);
  assert.equal(sandbox.calls()[0]?.wrote, false);
  await sandbox.settled();
  assert.equal(sandbox.calls()[0]?.wrote, true);
  assert.equal(sandbox.calls()[0]?.status, null);
  await assertUsers(sandbox, ask, 1);
});

onBothTransports("a broken body after the write cannot be read", async (sandbox, ask) => {
  sandbox.fault({ kind: "broken_body_after" });
  const response = await createUser(ask);
  assert.equal(response.status, 201);
  await assert.rejects(response.json(), SyntaxError);
  await assertUsers(sandbox, ask, 1);
});

onBothTransports("a status without a body has none", async (sandbox, ask) => {
  sandbox.fault({ kind: "status_after", status: 204 });
  const response = await createUser(ask);
  assert.deepEqual([response.status, await response.text()], [204, ""]);
  await assertUsers(sandbox, ask, 1);
});

Deno.test("a refused request that lands late writes nothing", async () => {
  const { sandbox, send } = createSandboxClient();
  sandbox.fault({ kind: "late_write", lateMs: 10 });
  await assert.rejects(send("POST", "/v3/users", userBody({ email: "" })), TypeError);
  await sandbox.settled();
  assert.deepEqual(sandbox.users(), []);
  assert.equal(sandbox.calls()[0]?.wrote, false);
});

Deno.test("an aborted signal stops a request before it is seen, and a slow answer", async () => {
  const { sandbox } = createSandboxClient({ latencyMs: 60_000 });
  const ask = (signal: AbortSignal) =>
    sandbox.fetch("https://api.cryptlex.com/v3/users", {
      method: "POST",
      headers: HEADERS,
      body: JSON.stringify(userBody()),
      signal,
    });
  await assert.rejects(ask(AbortSignal.abort(new Error("never"))), { message: "never" });
  assert.deepEqual(sandbox.calls(), []);
  const controller = new AbortController();
  const refused = assert.rejects(ask(controller.signal), { message: "too slow" });
  await called(sandbox);
  controller.abort(new Error("too slow"));
  await refused;
  assert.equal(sandbox.users().length, 1);
  assert.equal(sandbox.calls()[0]?.status, null);
});

Deno.test("a fault strikes the requests it matches, as often as it says, oldest first", async () => {
  const { send, sandbox } = createSandboxClient();
  const user = sandbox.seedUser();
  const faults: Fault[] = [
    { kind: "status_before", method: "PATCH", status: 500 },
    { kind: "status_before", path: /^\/v3\/users$/g, status: 502, times: 2 },
    { kind: "status_before", method: "get", status: 503 },
  ];
  for (const fault of faults) sandbox.fault(fault);
  const ask = async (path: string) => (await send("GET", path)).status;
  const one = `/v3/users/${user.id}`;
  assert.deepEqual(
    [
      await ask(one),
      await ask("/v3/users?limit=1"),
      await ask("/v3/users"),
      await ask("/v3/users"),
    ],
    [503, 502, 502, 200],
  );
  assert.equal(await ask(one), 200);
  assert.deepEqual(sandbox.faultCounts(), { status_before: 3 });
  sandbox.clearFaults();
  assert.equal((await send("PATCH", one, {})).status, 200);
});

Deno.test("a fault with a probability asks its random source each time", async () => {
  const { send, sandbox } = createSandboxClient();
  const draws = [0.9, 0.1, 0.5, 0.49];
  const random = () => draws.shift() ?? assert.fail("drawn too often");
  sandbox.fault({ kind: "status_before", times: 2, probability: 0.5, random });
  const statuses = [];
  for (let n = 0; n < 5; n += 1) statuses.push((await send("GET", "/v3/users")).status);
  assert.deepEqual(statuses, [200, 500, 200, 500, 200]);
});
