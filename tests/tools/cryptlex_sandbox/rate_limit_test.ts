// The limit of 50 calls in any 5 seconds.

import assert from "node:assert/strict";
import fc from "fast-check";
import { createRateLimit } from "../../../tools/cryptlex_sandbox/rate_limit.ts";
import { createSandboxClient, HEADERS, userBody } from "./sandbox_client.ts";

Deno.test("the 51st call in five seconds is refused with 429, and nothing is written", async () => {
  const { send, sandbox, clock } = createSandboxClient({ rateLimit: true });
  const start = clock.at.getTime();
  for (let n = 1; n <= 50; n += 1) {
    clock.at = new Date(start + n * 10);
    const { status, headers } = await send("GET", "/v3/users");
    assert.equal(status, 200);
    assert.equal(headers.get("X-Rate-Limit-Limit"), "5s");
    assert.equal(headers.get("X-Rate-Limit-Remaining"), String(50 - n));
    assert.equal(headers.get("X-Rate-Limit-Reset"), "2026-01-31T12:00:05.010Z");
  }
  const refused = await send("POST", "/v3/users", userBody());
  assert.equal(refused.status, 429);
  assert.equal(typeof refused.body.message, "string");
  assert.equal(refused.headers.get("Retry-After"), "5");
  assert.equal(refused.headers.get("X-Rate-Limit-Remaining"), "0");
  assert.deepEqual(sandbox.users(), []);
  clock.at = new Date(start + 5010);
  assert.equal((await send("POST", "/v3/users", userBody())).status, 201);
  assert.equal((await send("GET", "/v3/users")).status, 429);
});

Deno.test("each caller has an allowance", async () => {
  const { sandbox } = createSandboxClient({ rateLimit: true });
  const ask = async (caller: string) => {
    const headers = { ...HEADERS, "x-forwarded-for": caller };
    return (await sandbox.fetch("https://api.cryptlex.com/v3/users", { headers })).status;
  };
  for (let n = 0; n < 50; n += 1) assert.equal(await ask("10.0.0.1"), 200);
  assert.equal(await ask("10.0.0.1"), 429);
  assert.equal(await ask("10.0.0.2"), 200);
});

Deno.test("the 429 may be plain text without Retry-After, by switch", async () => {
  const { sandbox } = createSandboxClient({
    rateLimit: true,
    switches: { rateLimitBody: "text", rateLimitRetryAfter: false },
  });
  const ask = () => sandbox.fetch("https://api.cryptlex.com/v3/users", { headers: HEADERS });
  for (let n = 0; n < 50; n += 1) await ask();
  const response = await ask();
  assert.equal(response.status, 429);
  assert.equal(response.headers.get("content-type"), "text/plain");
  assert.equal(response.headers.get("Retry-After"), null);
  assert.match(await response.text(), /quota exceeded/);
});

Deno.test("without the option nothing is refused, and the headers show a full allowance", async () => {
  const { send } = createSandboxClient();
  for (let n = 0; n < 60; n += 1) {
    const { status, headers } = await send("GET", "/v3/users");
    assert.equal(status, 200);
    assert.equal(headers.get("X-Rate-Limit-Remaining"), "50");
  }
});

Deno.test("no five seconds ever hold more than fifty allowed calls", () => {
  const gaps = fc.array(fc.integer({ min: 0, max: 300 }), { minLength: 60, maxLength: 300 });
  fc.assert(fc.property(gaps, (waits) => {
    let time = 0;
    const limit = createRateLimit({ enabled: true, now: () => new Date(time) });
    const allowed: number[] = [];
    for (const wait of waits) {
      time += wait;
      const verdict = limit("caller");
      const inWindow = allowed.filter((at) => at > time - 5000).length;
      assert.equal(verdict.allowed, inWindow < 50);
      if (verdict.allowed) allowed.push(time);
    }
  }));
});
