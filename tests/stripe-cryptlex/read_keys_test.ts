import assert from "node:assert/strict";
import type { CallRecord } from "../../functions/stripe-cryptlex/cryptlex_caller.ts";
import {
  CryptlexAnsweredError,
  CryptlexUnansweredError,
} from "../../functions/stripe-cryptlex/cryptlex_errors.ts";
import { readKeys } from "../../functions/stripe-cryptlex/read_keys.ts";
import { licenseJson } from "./builders/cryptlex_client.ts";
import { createFakeFetch, type FakeAnswer, jsonAnswer } from "./builders/fake_fetch.ts";

/** Reads them from Cryptlex that answers so. */
function reading(...answers: FakeAnswer[]) {
  const { fetch, sent } = createFakeFetch(...answers);
  const records: CallRecord[] = [];
  const connection = { baseUrl: "https://c", accessToken: "token", timeoutMs: 1000, fetch };
  const watcher = { before() {}, after: (record: CallRecord) => void records.push(record) };
  return { read: (ids: string[]) => readKeys(ids, connection, watcher), sent, records };
}

const numbered = (n: number, changed = {}) => ({
  ...licenseJson,
  id: `license-${n}`,
  key: `KEY-${n}`,
  ...changed,
});

Deno.test("one license is read by its id, at one call", async () => {
  const { read, sent, records } = reading(jsonAnswer(licenseJson));
  assert.deepEqual(await read(["license-1"]), [{
    product: "product-a",
    key: licenseJson.key,
    expiresAt: "2026-12-05T08:49:17.936Z",
  }]);
  assert.deepEqual(sent.map(({ method, url }) => `${method} ${url}`), [
    "GET https://c/v3/licenses/license-1",
  ]);
  assert.ok(!JSON.stringify(records).includes(licenseJson.key), "no record has the key");
});

Deno.test("several are read in one call, and shown in their order without others'", async () => {
  const page = [3, 9, 2, 1].map((n) => numbered(n, n === 2 ? { expiresAt: null } : {}));
  const { read, sent } = reading(jsonAnswer(page));
  const shown = await read(["license-1", "license-2", "license-3"]);
  assert.deepEqual(shown?.map(({ key }) => key), ["KEY-1", "KEY-2", "KEY-3"]);
  assert.equal(shown?.[1]?.expiresAt, null);
  const { pathname, searchParams } = new URL(sent[0]?.url ?? "");
  assert.equal(pathname, "/v3/licenses");
  assert.equal(searchParams.get("id[in]"), "license-1,license-2,license-3");
  assert.equal(sent.length, 1);
});

Deno.test("a hundred are a call, and one more another", async () => {
  const ids = Array.from({ length: 101 }, (_, n) => `license-${n}`);
  const all = ids.map((_, n) => numbered(n));
  const { read, sent } = reading(jsonAnswer(all.slice(0, 100)), jsonAnswer(all.slice(100)));
  assert.equal((await read(ids))?.length, 101);
  assert.equal(sent.length, 2);
});

Deno.test("one that is suspended or revoked in Cryptlex by now is not shown", async () => {
  for (const changed of [{ suspended: true }, { revoked: true }]) {
    assert.deepEqual(await reading(jsonAnswer(numbered(1, changed))).read(["license-1"]), []);
    const page = jsonAnswer([numbered(1, changed), numbered(2)]);
    const shown = await reading(page).read(["license-1", "license-2"]);
    assert.deepEqual(shown?.map(({ key }) => key), ["KEY-2"]);
  }
});

Deno.test("one that was deleted is not shown", async () => {
  const gone = jsonAnswer({ message: "not found" }, 404);
  assert.deepEqual(await reading(gone).read(["license-1"]), []);
});

Deno.test("one that a list does not show is asked for by itself: it is late, or deleted", async () => {
  const late = reading(jsonAnswer([numbered(1)]), jsonAnswer(numbered(2)));
  const shown = await late.read(["license-1", "license-2"]);
  assert.deepEqual(shown?.map(({ key }) => key), ["KEY-1", "KEY-2"]);
  const deleted = reading(jsonAnswer([numbered(1)]), jsonAnswer({ message: "none" }, 404));
  const left = await deleted.read(["license-1", "license-2"]);
  assert.deepEqual(left?.map(({ key }) => key), ["KEY-1"]);
});

Deno.test("a list that lacks many is no answer yet", async () => {
  const { read, sent } = reading(jsonAnswer([numbered(1)]));
  assert.equal(await read([1, 2, 3, 4, 5].map((n) => `license-${n}`)), null);
  assert.equal(sent.length, 1);
});

Deno.test("without any license nobody is asked", async () => {
  assert.deepEqual(await reading().read([]), []);
});

Deno.test("what Cryptlex refuses or leaves unanswered is told apart, without a key", async () => {
  const refused = reading(jsonAnswer({ message: "slow down" }, 429));
  await assert.rejects(refused.read(["license-1"]), CryptlexAnsweredError);
  const odd = reading(jsonAnswer({ ...licenseJson, productId: 7 }));
  await assert.rejects(odd.read(["license-1"]), (error: Error) => {
    assert.ok(error instanceof CryptlexUnansweredError);
    assert.ok(!error.message.includes(licenseJson.key));
    return true;
  });
});
