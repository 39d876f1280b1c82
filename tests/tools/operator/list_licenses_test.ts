import assert from "node:assert/strict";
import { listLicenses } from "../../../tools/operator/list_licenses.ts";
import { licenseJson } from "../../stripe-cryptlex/builders/cryptlex_client.ts";
import { createFakeFetch, jsonAnswer } from "../../stripe-cryptlex/builders/fake_fetch.ts";

const page = (from: number, length: number) =>
  jsonAnswer(Array.from({ length }, (_, n) => ({ ...licenseJson, id: `license-${from + n}` })));

/** A listing that is answered so, and what it waited between. */
async function listed(...answers: Parameters<typeof createFakeFetch>) {
  const { fetch, sent } = createFakeFetch(...answers);
  const waited: number[] = [];
  const pages: number[] = [];
  const licenses = await listLicenses(
    { baseUrl: "https://c", accessToken: "t", timeoutMs: 1000, fetch },
    {
      wait: (ms) => Promise.resolve(void waited.push(ms)),
      onPage: (count) => void pages.push(count),
    },
  );
  return { licenses, urls: sent.map(({ url }) => url), waited, pages };
}

Deno.test("licenses that name a purchase are listed page by page, and never fast", async () => {
  const { licenses, urls, waited, pages } = await listed(
    page(0, 100),
    page(100, 100),
    page(200, 1),
  );
  assert.equal(licenses.length, 201);
  assert.deepEqual(pages, [100, 100, 1]);
  assert.deepEqual(waited, [200, 200]);
  assert.match(
    urls[2] ?? "",
    /^https:\/\/c\/v3\/licenses\?metadata\.key\[in\]=SUBSCRIPTION_ID_KEY/,
  );
  assert.match(urls[2] ?? "", /&limit=100&page=3$/);
});

Deno.test("one that moved to another page meanwhile is listed once", async () => {
  const { licenses } = await listed(page(0, 100), page(99, 2));
  assert.equal(licenses.length, 101);
});

Deno.test("a busy Cryptlex is waited for as it asks, a silent one a little, and not for ever", async () => {
  const busy = jsonAnswer({ message: "busy" }, 429, { "retry-after": "7" });
  const down = () => jsonAnswer({}, 503);
  const { licenses, waited } = await listed(busy, down(), page(0, 1));
  assert.equal(licenses.length, 1);
  assert.deepEqual(waited, [7000, 2000]);
  await assert.rejects(listed(down(), down(), down(), down(), down()), /status 503/);
});

Deno.test("a refusal is not repeated", async () => {
  await assert.rejects(
    listed(jsonAnswer({ message: "no" }, 403)),
    /does the access token have license/,
  );
});
