// How the client reads lists: page by page, filtered.

import assert from "node:assert/strict";
import { clientOf, licenseJson } from "./builders/cryptlex_client.ts";
import { jsonAnswer } from "./builders/fake_fetch.ts";

Deno.test("a list is asked for page by page until one is not full", async () => {
  const page = (length: number) => jsonAnswer(Array.from({ length }, () => licenseJson));
  for (
    const [lengths, total] of [[[3], 3], [[100, 100, 1], 201], [[100, 0], 100], [[0], 0]] as const
  ) {
    const { cryptlex, sent } = clientOf(...lengths.map(page));
    assert.equal((await cryptlex.findLicenses(["sub_1"])).length, total);
    assert.deepEqual(
      sent.map(({ url }) => url),
      lengths.map((_, i) =>
        `https://c/v3/licenses?metadata.value[eq]=sub_1&limit=100&page=${i + 1}`
      ),
    );
  }
});

Deno.test("a filter is encoded, several values are one list", async () => {
  const { cryptlex, sent } = clientOf(...Array.from({ length: 4 }, () => jsonAnswer([])));
  await cryptlex.findLicenses(["pi_1", "cs_1"]);
  await cryptlex.findUsers({ email: ["a+b&c=d@example.com"] });
  await cryptlex.findUsers({ email: ["ada@example.com", "Ada@Example.com"] });
  await cryptlex.findUsers({ search: "a b@example.com" });
  assert.deepEqual(sent.map(({ url }) => url.split("?")[1]), [
    "metadata.value[in]=pi_1%2Ccs_1&limit=100&page=1",
    "email[eq]=a%2Bb%26c%3Dd%40example.com&limit=100&page=1",
    "email[in]=ada%40example.com%2CAda%40Example.com&limit=100&page=1",
    "search=a%20b%40example.com&limit=100&page=1",
  ]);
});
