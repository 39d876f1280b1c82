import assert from "node:assert/strict";
import { askedLicenses, listAllLicenses } from "../../../tools/operator/license_shelf.ts";
import { createPatientCryptlex } from "../../../tools/operator/patient_cryptlex.ts";
import { licenseJson } from "../../stripe-cryptlex/builders/cryptlex_client.ts";
import { createFakeFetch, jsonAnswer } from "../../stripe-cryptlex/builders/fake_fetch.ts";

const page = (from: number, length: number) =>
  jsonAnswer(Array.from({ length }, (_, n) => ({ ...licenseJson, id: `license-${from + n}` })));

/** Cryptlex that answers so, asked patiently; and what was waited between. */
function answering(...answers: Parameters<typeof createFakeFetch>) {
  const { fetch, sent } = createFakeFetch(...answers);
  const waited: number[] = [];
  const ask = createPatientCryptlex(
    { baseUrl: "https://c", accessToken: "t", timeoutMs: 1000, fetch },
    {
      rate: { calls: 50, seconds: 5 },
      wait: (ms) => Promise.resolve(void waited.push(ms)),
      now: () => waited.reduce((sum, ms) => sum + ms, 0),
    },
  );
  return { ask, urls: () => sent.map(({ url }) => url), waited };
}

/** A listing of it. */
async function listed(...answers: Parameters<typeof createFakeFetch>) {
  const { ask, urls, waited } = answering(...answers);
  const pages: number[] = [];
  const shelf = await listAllLicenses(ask, (count) => void pages.push(count));
  return { shelf, licenses: shelf.all ?? [], urls: urls(), waited, pages };
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

Deno.test("a listed license is found by what names a purchase, and only one that is not is asked for", async () => {
  const named = {
    ...licenseJson,
    id: "license-named",
    metadata: [
      { key: "stripe_subscription_id", value: "sub_1" },
      { key: "subscription_id", value: "sub_1" },
      { key: "see_also", value: "sub_2" },
    ],
  };
  const { ask, urls } = answering(
    jsonAnswer([named]),
    jsonAnswer({ ...licenseJson, id: "license-other" }),
    jsonAnswer({ message: "no" }, 404),
  );
  const shelf = await listAllLicenses(ask, () => {});
  const ids = async (...values: string[]) => (await shelf.findLicenses(values)).map(({ id }) => id);
  assert.deepEqual(await ids("sub_1", "sub_1"), ["license-named"]);
  assert.deepEqual(await ids("sub_2"), []);
  assert.equal((await shelf.getLicense("license-named")).id, "license-named");
  assert.equal(urls().length, 1);
  assert.equal((await shelf.getLicense("license-other")).id, "license-other");
  assert.equal(shelf.shown("license-other")?.totalActivations, 0);
  await assert.rejects(shelf.getLicense("license-gone"), /with 404/);
  assert.equal(shelf.shown("license-gone"), null);
});

Deno.test("without a listing each purchase's licenses are searched, all pages of them", async () => {
  const { ask, urls } = answering(page(0, 100), page(100, 1), page(0, 1));
  const shelf = askedLicenses(ask);
  assert.equal(shelf.all, null);
  assert.equal((await shelf.findLicenses(["sub_1", "in_1"])).length, 101);
  await shelf.findLicenses(["sub_2"]);
  assert.match(urls()[1] ?? "", /\?metadata\.value\[in\]=sub_1%2Cin_1&limit=100&page=2$/);
  assert.match(urls()[2] ?? "", /\?metadata\.value\[eq\]=sub_2&/);
  assert.equal(shelf.shown("license-100")?.id, "license-100");
});

Deno.test("a refusal is not repeated", async () => {
  await assert.rejects(
    listed(jsonAnswer({ message: "no" }, 403)),
    /does the access token have license/,
  );
});
