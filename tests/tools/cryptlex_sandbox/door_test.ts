// Who is let in, and where to: token, scopes, paths, methods, content type.

import assert from "node:assert/strict";
import { createSandboxClient, HEADERS, userBody } from "./sandbox_client.ts";

const URL_OF_USERS = "https://api.cryptlex.com/v3/users";

Deno.test("a wrong token is refused with 401, and nothing is written", async () => {
  const { sandbox } = createSandboxClient();
  for (const authorization of ["", "sandbox-access-token", "Bearer ", "Bearer other"]) {
    const response = await sandbox.fetch(URL_OF_USERS, {
      method: "POST",
      headers: { ...HEADERS, authorization },
      body: JSON.stringify(userBody()),
    });
    assert.equal(response.status, 401);
    assert.equal(await response.text(), "");
  }
  assert.deepEqual(sandbox.users(), []);
});

Deno.test("the token is an option", async () => {
  const { sandbox } = createSandboxClient({ accessToken: "mine" });
  const ask = async (token: string) =>
    (await sandbox.fetch(URL_OF_USERS, { headers: { authorization: `Bearer ${token}` } })).status;
  assert.equal(await ask("mine"), 200);
  assert.equal(await ask("sandbox-access-token"), 401);
});

Deno.test("a missing scope is refused with 403, with a body by switch", async () => {
  const { send, sandbox } = createSandboxClient({
    scopes: ["user:read"],
    switches: { authRefusalBody: "json" },
  });
  assert.equal((await send("GET", "/v3/users")).status, 200);
  const { status, body } = await send("POST", "/v3/users", userBody());
  assert.equal(status, 403);
  assert.equal(typeof body.message, "string");
  assert.equal((await send("GET", "/v3/licenses")).status, 403);
  assert.equal((await send("GET", "/v3/products")).status, 403);
  assert.deepEqual(sandbox.users(), []);
});

Deno.test("templates are read under either of the scope's two names", async () => {
  for (const scope of ["licensePolicy:read", "licenseTemplate:read"]) {
    const { send } = createSandboxClient({ scopes: [scope] });
    assert.equal((await send("GET", "/v3/license-templates")).status, 200, scope);
  }
});

Deno.test("the status needs no token", async () => {
  const { sandbox } = createSandboxClient();
  const response = await sandbox.fetch("https://api.cryptlex.com/v3/status");
  assert.equal(response.status, 200);
  await response.body?.cancel();
});

Deno.test("an unknown path is 404, a known path with another method 405", async () => {
  const { send } = createSandboxClient();
  for (const path of ["/", "/v3", "/v3/user", "/v2/users", "/v3/users/1/2", "/v3/users/%zz"]) {
    assert.equal((await send("GET", path)).status, 404, path);
  }
  assert.equal((await send("PUT", "/v3/users", {})).status, 405);
  assert.equal((await send("DELETE", "/v3/users")).status, 405);
});

Deno.test("a body must be JSON, say so, and be an object", async () => {
  const { sandbox, send } = createSandboxClient();
  const post = async (contentType: string, body: string) => {
    const headers = { ...HEADERS, "content-type": contentType };
    return (await sandbox.fetch(URL_OF_USERS, { method: "POST", headers, body })).status;
  };
  const body = JSON.stringify(userBody());
  assert.equal(await post("text/plain", body), 415);
  assert.equal(await post("application/json", body.slice(0, -1)), 400);
  assert.equal(await post("application/json", ""), 400);
  assert.equal((await send("POST", "/v3/users", [userBody()])).status, 400);
  assert.equal((await send("POST", "/v3/users", null)).status, 400);
  assert.equal(await post("application/json; charset=utf-8", body), 201);
});

Deno.test("calls are noted with what became of them", async () => {
  const { send, sandbox, clock } = createSandboxClient();
  await send("POST", "/v3/users", userBody());
  await send("POST", "/v3/users", userBody());
  await send("GET", "/v3/users?limit=1");
  const path = "/v3/users";
  const at = clock.at;
  assert.deepEqual(sandbox.calls(), [
    { method: "POST", path, query: "", status: 201, at, wrote: true },
    { method: "POST", path, query: "", status: 409, at, wrote: false },
    { method: "GET", path, query: "?limit=1", status: 200, at, wrote: false },
  ]);
  sandbox.forgetCalls();
  assert.deepEqual(sandbox.calls(), []);
});
