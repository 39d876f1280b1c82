import assert from "node:assert/strict";
import { createBackground } from "../../functions/stripe-cryptlex/background.ts";
import { createHandler } from "../../functions/stripe-cryptlex/handler.ts";
import { type KeyClaim, LedgerError } from "../../functions/stripe-cryptlex/ledger.ts";
import { createSchedule } from "../../functions/stripe-cryptlex/schedule.ts";
import type { World } from "../../functions/stripe-cryptlex/world.ts";
import { licenseJson } from "./builders/cryptlex_client.ts";
import { createFakeFetch, type FakeAnswer, jsonAnswer } from "./builders/fake_fetch.ts";
import { createFakeLedger } from "./builders/fake_ledger.ts";
import { worldWith } from "./builders/world_with.ts";

const session = `cs_test_a1${"x".repeat(56)}`;
const shop = "https://shop.example.com";
const path = `/stripe-cryptlex/license?session_id=${session}`;
const ready: KeyClaim = { state: "ready", licenseIds: ["license-1"], charged: null };

type Given = {
  claim?: KeyClaim | Error;
  answers?: FakeAnswer[];
  publicOrigins?: readonly string[];
  world?: Partial<World>;
};

function created({ claim = ready, answers = [], publicOrigins = [shop], world = {} }: Given = {}) {
  const asked: string[] = [];
  const refusals: unknown[] = [];
  const ledger = createFakeLedger({
    claimKeys(id) {
      asked.push(id);
      return claim instanceof Error ? Promise.reject(claim) : Promise.resolve(claim);
    },
    settleKeys: (_claim, refused) => Promise.resolve(void refusals.push(refused)),
  });
  const { fetch, sent } = createFakeFetch(...answers);
  const cryptlex = { baseUrl: "https://c", accessToken: "token", timeoutMs: 1000, fetch };
  const made = worldWith({ ledger, cryptlex, ...world });
  const handle = createHandler({
    world: made,
    background: createBackground(assert.ifError),
    stripeWebhookSecrets: ["whsec_1"],
    drainSecrets: [],
    publicOrigins,
    schedule: createSchedule(ledger, { functionUrl: null, log: made.log }),
    now: () => new Date(),
  });
  async function ask(to = path, init: RequestInit & { origin?: string | null } = {}) {
    const { origin = shop, ...rest } = init;
    const headers = new Headers(origin === null ? {} : { origin });
    const response = await handle(
      new Request(`http://127.0.0.1${to}`, { ...rest, headers }),
    );
    const text = await response.text();
    return { status: response.status, text, headers: Object.fromEntries(response.headers) };
  }
  return { ask, asked, sent, refusals, logged: made.logged };
}

Deno.test("the buyer of a session gets its keys, for its page alone and kept by nobody", async () => {
  const { ask, asked, sent } = created({ answers: [jsonAnswer(licenseJson)] });
  const { status, text, headers } = await ask();
  assert.equal(status, 200);
  assert.deepEqual(JSON.parse(text), {
    licenses: [{
      product: "product-a",
      key: licenseJson.key,
      expiresAt: "2026-12-05T08:49:17.936Z",
    }],
  });
  assert.deepEqual(headers, {
    "access-control-allow-origin": shop,
    "access-control-expose-headers": "retry-after",
    "cache-control": "no-store",
    "content-type": "application/json",
    "vary": "origin",
    "x-content-type-options": "nosniff",
  });
  assert.deepEqual([asked, sent.length], [[session], 1]);
});

Deno.test("while it is being made the page is told when to ask again", async () => {
  const { ask, sent } = created({ claim: { state: "making", retrySeconds: 2.4 } });
  const { status, headers, text } = await ask();
  assert.deepEqual([status, headers["retry-after"]], [202, "3"]);
  assert.doesNotMatch(text, /key/i);
  assert.equal(sent.length, 0, "Cryptlex is not asked");
});

/** One answer each for whoever has no session to show, from a page of that origin. */
function refusals(origin: string | null) {
  const at = (query: string) => `/stripe-cryptlex/license${query}`;
  const none = created({ claim: { state: "unknown" } });
  const revoked = created({ answers: [jsonAnswer({ ...licenseJson, revoked: true })] });
  const gone = created({ answers: [jsonAnswer({ message: "not found" }, 404)] });
  const rehearsal = created({ world: { recordOnly: true } });
  const on = created();
  const malformed = [
    ...["", "?session_id=", "?session_id=cs_test_1", `?session_id=sub_${"x".repeat(40)}`],
    ...[`?session_id=${session}%00`, `?session_id=${session}&session_id=${session}`],
    ...[`?session_id=cs_test_${"x".repeat(300)}`, `?session=${session}`],
  ];
  const answers = [
    ...[none, revoked, gone, rehearsal].map(({ ask }) => ask(path, { origin })),
    ...malformed.map((query) => on.ask(at(query), { origin })),
  ];
  return { answers: Promise.all(answers), unasked: [rehearsal, on] };
}

Deno.test("everything else is answered alike, to the last header", async () => {
  for (const origin of [shop, "https://elsewhere.example.com", "null", null]) {
    const { answers, unasked } = refusals(origin);
    const [first, ...others] = await answers;
    assert.equal(first?.status, 404);
    for (const answer of others) assert.deepEqual(answer, first);
    assert.deepEqual(unasked.flatMap(({ asked }) => asked), [], "the database is not asked");
  }
});

Deno.test("switched off it answers as it does for what it does not know", async () => {
  const off = created({ publicOrigins: [] });
  const on = created({ claim: { state: "unknown" } });
  for (const method of ["GET", "POST", "OPTIONS"]) {
    for (const origin of ["https://elsewhere.example.com", null]) {
      const init = { method, origin };
      assert.deepEqual(await off.ask(path, init), await on.ask(path, init));
    }
  }
  assert.deepEqual(off.asked, []);
});

Deno.test("a page of another origin gets nothing, nor does it ask anybody", async () => {
  const { ask, asked } = created();
  const others = ["https://shop.example.com.evil.com", "http://shop.example.com", "null", ""];
  for (const origin of [...others, `${shop}:444`, `${shop}/`, "https://SHOP.example.com"]) {
    const { status, headers } = await ask(path, { origin });
    assert.equal(status, 404, origin);
    assert.deepEqual([headers["access-control-allow-origin"], headers.vary], [undefined, "origin"]);
  }
  assert.deepEqual(asked, []);
});

Deno.test("each of several origins is allowed by its own name", async () => {
  const publicOrigins = [shop, "http://localhost:8000"];
  for (const origin of publicOrigins) {
    const { ask } = created({ publicOrigins, answers: [jsonAnswer(licenseJson)] });
    const { status, headers } = await ask(path, { origin });
    assert.deepEqual([status, headers["access-control-allow-origin"]], [200, origin]);
  }
});

Deno.test("a preflight is answered for the pages that may ask, and asks nobody", async () => {
  const { ask, asked } = created();
  const { status, text, headers } = await ask(path, { method: "OPTIONS" });
  assert.deepEqual([status, text], [204, ""]);
  assert.deepEqual(
    [headers["access-control-allow-origin"], headers["access-control-allow-methods"]],
    [shop, "GET"],
  );
  const foreign = await ask(path, { method: "OPTIONS", origin: "https://elsewhere.example.com" });
  assert.equal(foreign.status, 204);
  assert.deepEqual(Object.keys(foreign.headers).filter((name) => name.startsWith("access-")), []);
  assert.deepEqual(asked, []);
});

Deno.test("other methods are refused", async () => {
  const { ask, asked } = created();
  for (const method of ["POST", "PUT", "DELETE", "HEAD"]) {
    const { status, headers } = await ask(path, { method });
    assert.deepEqual([status, headers.allow], [405, "GET, OPTIONS"], method);
  }
  assert.deepEqual(asked, []);
});

Deno.test("while Cryptlex does not show it the page asks again, and all workers hear of it", async () => {
  const cases = [
    [jsonAnswer({ message: "slow down" }, 429, { "retry-after": "7" }), "7", {
      status: 429,
      pauseSeconds: 7,
    }],
    [jsonAnswer({ message: "who are you" }, 401), "60", { status: 401, pauseSeconds: null }],
    [jsonAnswer({ message: "bad" }, 400), "60", null],
    [jsonAnswer({}, 500), "5", null],
    [new TypeError("no network"), "5", null],
  ] as const;
  for (const [answer, retryAfter, refusal] of cases) {
    const { ask, refusals } = created({ answers: [answer] });
    const { status, headers } = await ask();
    assert.deepEqual([status, headers["retry-after"]], [202, retryAfter]);
    assert.deepEqual(refusals, refusal === null ? [] : [refusal]);
  }
});

Deno.test("licenses that are not all listed yet are waited for", async () => {
  const claim: KeyClaim = { state: "ready", licenseIds: ["license-1", "license-2"], charged: null };
  const { ask } = created({ claim, answers: [jsonAnswer([licenseJson])] });
  const { status, headers, text } = await ask();
  assert.deepEqual([status, headers["retry-after"]], [202, "5"]);
  assert.ok(!text.includes(licenseJson.key));
});

Deno.test("a database that does not answer is no reason to give up", async () => {
  const { ask, logged } = created({ claim: new LedgerError("claim_license_keys", "57014") });
  const { status, text, headers } = await ask();
  assert.deepEqual([status, headers["retry-after"]], [503, "5"]);
  assert.equal(headers["access-control-allow-origin"], shop);
  assert.doesNotMatch(text, /57014/);
  assert.equal(logged[0]?.status, 503);
});

Deno.test("neither key nor session is logged", async () => {
  const answers = [jsonAnswer(licenseJson)];
  for (const given of [{ answers }, { claim: new LedgerError("claim_license_keys", null) }]) {
    const { ask, logged } = created(given);
    await ask();
    assert.equal(logged.length, 1);
    for (const secret of [licenseJson.key, session]) {
      assert.ok(!JSON.stringify(logged).includes(secret));
    }
  }
});

Deno.test("a webhook's start does not load it", async () => {
  const file = new URL("../../functions/stripe-cryptlex/handler.ts", import.meta.url);
  const source = await Deno.readTextFile(file);
  assert.match(source, /await import\("\.\/show_keys\.ts"\)/);
  assert.doesNotMatch(source, /^import (?!type).*show_keys/m);
});
